"""Which references a name is, looks like, or is built from, and for what reason."""

from auditor.names.index import NameIndex
from auditor.names.match import TIERS, WAYS, Difference, NameMatch

__all__ = ["TIERS", "WAYS", "Difference", "NameIndex", "NameMatch"]
