"""Copies, pure: sketches, the banded join as SQL, exact likeness, and what hangs together."""

from auditor.copies.components import Labels, components
from auditor.copies.join import (
    BUCKETS,
    CANDIDATES,
    CONTENTS,
    MEMBERS,
    OWN_COPIES,
    PAIRS,
    Step,
    run_steps,
    shared_members,
)
from auditor.copies.sketches import BANDS, VERSION, Sketches, sketch
from auditor.copies.verify import jaccards

__all__ = [
    "BANDS",
    "BUCKETS",
    "CANDIDATES",
    "CONTENTS",
    "MEMBERS",
    "OWN_COPIES",
    "PAIRS",
    "VERSION",
    "Labels",
    "Sketches",
    "Step",
    "components",
    "jaccards",
    "run_steps",
    "shared_members",
    "sketch",
]
