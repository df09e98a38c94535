"""Who a professional title in a text is said of: its author, or somebody else."""

from auditor.titles.clauses import clause_span
from auditor.titles.employers import differ, employer_of, employers
from auditor.titles.posts import read_post
from auditor.titles.profiles import read_bio, read_name
from auditor.titles.readings import Reading, ReadingKind, Title
from auditor.titles.stating import may_be_stated, may_state
from auditor.titles.words import ROLES, TitleWords

__all__ = [
    "ROLES",
    "Reading",
    "ReadingKind",
    "Title",
    "TitleWords",
    "clause_span",
    "differ",
    "employer_of",
    "employers",
    "may_be_stated",
    "may_state",
    "read_bio",
    "read_name",
    "read_post",
]
