"""Auditor: a compliance auditor for self-media accounts that states checkable facts and leaves the decision to a person."""

__version__ = "0.1.0"
