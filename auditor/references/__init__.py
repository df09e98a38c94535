"""What names and numbers are compared with: loading, layering and versioning of the lists."""

from auditor.references.lists import ABSENT, LISTS
from auditor.references.loading import SHIPPED, load_references
from auditor.references.rows import (
    Affix,
    ClosedAccount,
    Division,
    Event,
    FormerDivision,
    LookAlike,
    OptOut,
    OrganForm,
    OrganWord,
    Person,
    RegistryEntry,
    Work,
)
from auditor.references.value import ListInfo, References

__all__ = [
    "ABSENT",
    "LISTS",
    "SHIPPED",
    "Affix",
    "ClosedAccount",
    "Division",
    "Event",
    "FormerDivision",
    "ListInfo",
    "LookAlike",
    "OptOut",
    "OrganForm",
    "OrganWord",
    "Person",
    "References",
    "RegistryEntry",
    "Work",
    "load_references",
]
