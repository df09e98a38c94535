"""Copies, pure: sketches, the banded join as SQL, exact likeness, and what hangs together."""

from auditor.copies.clusters import KIND, Cluster, Member, cluster_of, most_accounts
from auditor.copies.components import Labels, components
from auditor.copies.join import (
    BUCKETS,
    CONTENTS,
    FIRSTS,
    HUBS,
    MEMBERS,
    NEIGHBOURS,
    OWN_COPIES,
    SHARING,
    VERDICTS,
    WANTED_TEXTS,
    Step,
    candidates,
    near_pairs,
    shared_members,
    texts_of,
)
from auditor.copies.likely import LIKELY
from auditor.copies.limits import Limits, limits
from auditor.copies.linking import TEXTS, link, link_again, run_steps
from auditor.copies.marks import AGAINST, LISTS, NEVER, Marks, names_first
from auditor.copies.own import Crowd, near_groups
from auditor.copies.sharing import PIECES, SHARED, packed_keys, shared_keys, shared_rows
from auditor.copies.shingles import runs
from auditor.copies.sketches import BANDS, LONGEST, VERSION, BandKeys, Sketches, band_keys, sketch
from auditor.copies.verify import jaccards, likeness_to
from auditor.copies.windows import window_ends

__all__ = [
    "AGAINST",
    "BANDS",
    "BUCKETS",
    "CONTENTS",
    "FIRSTS",
    "HUBS",
    "KIND",
    "LIKELY",
    "LISTS",
    "LONGEST",
    "MEMBERS",
    "NEIGHBOURS",
    "NEVER",
    "OWN_COPIES",
    "PIECES",
    "SHARED",
    "SHARING",
    "TEXTS",
    "VERDICTS",
    "VERSION",
    "WANTED_TEXTS",
    "BandKeys",
    "Cluster",
    "Crowd",
    "Labels",
    "Limits",
    "Marks",
    "Member",
    "Sketches",
    "Step",
    "band_keys",
    "candidates",
    "cluster_of",
    "components",
    "jaccards",
    "likeness_to",
    "limits",
    "link",
    "link_again",
    "most_accounts",
    "names_first",
    "near_groups",
    "near_pairs",
    "packed_keys",
    "run_steps",
    "runs",
    "shared_keys",
    "shared_members",
    "shared_rows",
    "sketch",
    "texts_of",
    "window_ends",
]
