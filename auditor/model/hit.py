"""What a detector returns: on the hot path, so a slots dataclass and not a pydantic model."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from types import MappingProxyType


def _no_facts() -> MappingProxyType[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reference:
    """The entry that something was compared with."""

    kind: str
    name: str
    short_names: tuple[str, ...] = ()
    reference_id: str = ""
    source: str = ""
    as_of: str = ""
    accounts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One measured match in one field of a dossier.

    ``span`` counts code points of the *original* text of ``field``, end exclusive.
    ``steps`` say how the match was made (contracts, section 4); ``facts`` fill the templates;
    ``hidden`` are spans of the field that no quotation shows (a private person's given name).
    ``members`` are the posts of a group of copies, as positions in the dossier. ``caution``
    (zh, en) is what the detector itself holds against its hit: it lowers the row and is printed.
    """

    field: str
    quote: str
    span: tuple[int, int] | None = None
    post: int | None = None
    reference: Reference | None = None
    steps: tuple[str, ...] = ()
    score_name: str = ""
    score_value: float | None = None
    threshold: float | None = None
    sample_n: int | None = None
    pii_kinds: tuple[str, ...] = ()
    members: tuple[int, ...] = ()
    hidden: tuple[tuple[int, int], ...] = ()
    caution: tuple[str, str] | None = None
    facts: MappingProxyType[str, str] = dataclasses.field(default_factory=_no_facts)
