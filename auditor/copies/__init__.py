"""Copies, pure: sketches, the banded join as SQL, exact likeness, and what hangs together."""

from auditor.copies.components import Labels, components
from auditor.copies.join import (
    BUCKETS,
    CONTENTS,
    HUBS,
    MEMBERS,
    NEIGHBOURS,
    OWN_COPIES,
    WANTED_TEXTS,
    Step,
    shared_members,
    texts_of,
)
from auditor.copies.linking import link, run_steps
from auditor.copies.own import near_groups, own_copies
from auditor.copies.sketches import BANDS, VERSION, Sketches, sketch
from auditor.copies.verify import jaccards

__all__ = [
    "BANDS",
    "BUCKETS",
    "CONTENTS",
    "HUBS",
    "MEMBERS",
    "NEIGHBOURS",
    "OWN_COPIES",
    "VERSION",
    "WANTED_TEXTS",
    "Labels",
    "Sketches",
    "Step",
    "components",
    "jaccards",
    "link",
    "near_groups",
    "own_copies",
    "run_steps",
    "shared_members",
    "sketch",
    "texts_of",
]
