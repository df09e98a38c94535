"""Ways of measuring; a rule names one by ``use`` (docs/detectors.md lists them all)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from auditor.detectors.anchors import Anchor, MayCount, Repeated
from auditor.detectors.base import (
    Detector,
    Each,
    Found,
    KnownNames,
    KnownTexts,
    Match,
    Missing,
    Resources,
    Subject,
    View,
)
from auditor.detectors.claims import BodyClaim
from auditor.detectors.closed import ClosedProfile, CreatedBefore
from auditor.detectors.commerce import PostOffer
from auditor.detectors.copies import RepeatedText
from auditor.detectors.credentials import (
    CredentialExpired,
    CredentialForm,
    CredentialHolder,
    CredentialState,
)
from auditor.detectors.events import EventName
from auditor.detectors.fields import CredentialsShown, FieldLabel, FieldShare
from auditor.detectors.history import Changed, MatchedBefore, RenamedWithin
from auditor.detectors.marks import EmployerDiffers, MarkLost
from auditor.detectors.names import KnownAccount, KnownName
from auditor.detectors.neighbours import EquallyNear, NameLabel, PlaceShared, RegionFits
from auditor.detectors.operators import DomainShown, OperatorNames
from auditor.detectors.ownership import BodyLooked, OnOwnDomain
from auditor.detectors.personal import IdentifierBundle, ShowsIdentifier
from auditor.detectors.persons import PersonClaim, PersonName
from auditor.detectors.phrases import Phrases
from auditor.detectors.posts import OwnPost
from auditor.detectors.profile import AccountAge, FollowersShown, ProfileLists
from auditor.detectors.registry import RegistryLookup
from auditor.detectors.scanned import scanned_batch
from auditor.detectors.titles import TitleClaim
from auditor.detectors.verification import VerificationLooked, VerifiedAs

DETECTORS: tuple[type[Detector], ...] = (
    Phrases,
    KnownName,
    KnownAccount,
    VerificationLooked,
    VerifiedAs,
    TitleClaim,
    ShowsIdentifier,
    IdentifierBundle,
    RepeatedText,
    Changed,
    MatchedBefore,
    NameLabel,
    OperatorNames,
    DomainShown,
    PlaceShared,
    EquallyNear,
    RegionFits,
    AccountAge,
    RenamedWithin,
    ProfileLists,
    FollowersShown,
    BodyClaim,
    BodyLooked,
    OnOwnDomain,
    PersonClaim,
    PersonName,
    EventName,
    ClosedProfile,
    CreatedBefore,
    FieldShare,
    FieldLabel,
    CredentialsShown,
    PostOffer,
    CredentialState,
    CredentialForm,
    CredentialExpired,
    CredentialHolder,
    RegistryLookup,
    EmployerDiffers,
    MarkLost,
    OwnPost,
)
"""Every detector; a new one is added here and in ``Step`` (CONTRIBUTING, add a detector)."""

Step = Annotated[
    Phrases
    | KnownName
    | KnownAccount
    | VerificationLooked
    | VerifiedAs
    | TitleClaim
    | ShowsIdentifier
    | IdentifierBundle
    | RepeatedText
    | Changed
    | MatchedBefore
    | NameLabel
    | OperatorNames
    | DomainShown
    | PlaceShared
    | EquallyNear
    | RegionFits
    | AccountAge
    | RenamedWithin
    | ProfileLists
    | FollowersShown
    | BodyClaim
    | BodyLooked
    | OnOwnDomain
    | PersonClaim
    | PersonName
    | EventName
    | ClosedProfile
    | CreatedBefore
    | FieldShare
    | FieldLabel
    | CredentialsShown
    | PostOffer
    | CredentialState
    | CredentialForm
    | CredentialExpired
    | CredentialHolder
    | RegistryLookup
    | EmployerDiffers
    | MarkLost
    | OwnPost,
    Field(discriminator="use"),
]

__all__ = [
    "DETECTORS",
    "Anchor",
    "Detector",
    "Each",
    "Found",
    "KnownNames",
    "KnownTexts",
    "Match",
    "MayCount",
    "Missing",
    "Repeated",
    "Resources",
    "Step",
    "Subject",
    "View",
    "scanned_batch",
]
