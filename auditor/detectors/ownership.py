"""Whether an account that speaks for a body may be the body's own."""

from __future__ import annotations

import re
from typing import Literal

from auditor.detectors.base import Anchor, Detector, Found, Match, Missing, Subject, View
from auditor.model import Hit, Reference
from auditor.text import fold

# A user name before the host (people.example@other.example) is no host.
HOST = re.compile(r"https?://([a-z0-9.-]+)(?=[:/?#]|$)")


class BodyLooked(Detector):
    """Finds that a claim may be spoken of: verification was looked at, or is not needed for it.

    An account that carries the name of a listed body is most likely that body; one that names the
    authority above it most likely says so truly; one known by its pattern is on no list. Of these
    nothing is said without a look at the verification.
    """

    use: Literal["body_looked"]

    def anchor(self) -> Anchor:
        """The verification field is collected."""
        return Anchor("field", ("verified",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit, or that verification was not collected."""
        account, body = subject.account, given.reference
        if account.verified is None and (
            body is None
            or any(hit.caution for hit in given.hits)
            or _carries(account.name or "", body)
            or view.resources.names.own(account.name or "")
        ):
            return Missing("verified")
        return [Hit("verified", account.verified or "")]


def _carries(name: str, body: Reference) -> bool:
    folded = fold(name).text
    return any(fold(spelling).text in folded for spelling in (body.name, *body.short_names))


class OnOwnDomain(Detector):
    """Finds that the profile's page lies on a domain that the entry of the match lists."""

    use: Literal["on_own_domain"]

    def anchor(self) -> Anchor:
        """The address of the page is collected."""
        return Anchor("field", ("url",))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return a hit when the page's host is one of the body's domains, or below one."""
        url, domains = subject.account.url, given.reference.domains if given.reference else ()
        if url is None:
            return Missing("url") if domains else []
        host = HOST.match(url.lower())
        own = [one for one in domains if host and f".{host.group(1)}".endswith(f".{one}")]
        return [Hit("url", own[0], steps=(f"domain:{own[0]}",))] if own else []
