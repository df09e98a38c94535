"""A compliance auditor for self-media accounts: it states checkable facts; a person decides."""

__version__ = "0.1.0"
