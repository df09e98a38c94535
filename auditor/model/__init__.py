"""Plain frozen values that every room may import; nothing here does I/O."""

from auditor.model.account import Account, Change, Credential, Post, PostRef
from auditor.model.crawl import CrawlSettings, CrawlSummary, FetchOutcome, Target
from auditor.model.dossier import Dossier
from auditor.model.finding import SCHEMA_VERSION, Finding
from auditor.model.hit import Hit, Reference
from auditor.model.moments import in_china, minute_in_china
from auditor.model.notice import Item, Notice
from auditor.model.run import (
    AccountRow,
    ClusterRow,
    CoverageRow,
    InputFile,
    Rejection,
    RuleRow,
    Run,
    SourceRow,
)
from auditor.model.values import (
    CHINA,
    MAX_BIO,
    MAX_NAME,
    MAX_TEXT,
    NONE_SHOWN,
    Strength,
    Value,
    Verified,
    account_key,
    check_storable,
    is_shown,
)

__all__ = [
    "CHINA",
    "MAX_BIO",
    "MAX_NAME",
    "MAX_TEXT",
    "NONE_SHOWN",
    "SCHEMA_VERSION",
    "Account",
    "AccountRow",
    "Change",
    "ClusterRow",
    "CoverageRow",
    "CrawlSettings",
    "CrawlSummary",
    "Credential",
    "Dossier",
    "FetchOutcome",
    "Finding",
    "Hit",
    "InputFile",
    "Item",
    "Notice",
    "Post",
    "PostRef",
    "Reference",
    "Rejection",
    "RuleRow",
    "Run",
    "SourceRow",
    "Strength",
    "Target",
    "Value",
    "Verified",
    "account_key",
    "check_storable",
    "in_china",
    "is_shown",
    "minute_in_china",
]
