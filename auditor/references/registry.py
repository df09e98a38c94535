"""What the words of a register extract mean: professions, and whether an entry is in force."""

from __future__ import annotations

from types import MappingProxyType

from auditor.references.rows import RegistryEntry
from auditor.text import fold, plain_number
from auditor.text.tables import word_list

PROFESSIONS = MappingProxyType(
    {
        "law": ("法律", "law"),
        "medicine": ("医疗", "medicine"),
        "nursing": ("护理", "nursing"),
        "pharmacy": ("药学", "pharmacy"),
        "psychology": ("心理与精神卫生", "mental health"),
        "education": ("教育", "education"),
        "finance": ("金融", "finance"),
        "journalism": ("新闻", "journalism"),
    }
)
"""The professions of the title lists, with what sentences call them (zh, en)."""


def is_active(status: str) -> bool:
    """Tell whether a status says that the entry is in force; an empty one does."""
    return not status or _folded(status) in word_list("text-registry-active")


def is_ended(status: str) -> bool:
    """Tell whether a status says that the entry is no longer in force."""
    return _folded(status) in word_list("text-registry-ended")


def _folded(status: str) -> str:
    return fold(status).text.strip()


def registered_persons(entry: RegistryEntry) -> tuple[str, ...]:
    """Return whom an entry names: its holder, else its name (of a firm, the firm)."""
    return (entry.holder,) if entry.holder else (entry.name,)


def registered_number(entry: RegistryEntry) -> str:
    """Return the number of an entry in plain form, empty where the extract gives none."""
    return plain_number(entry.number)
