"""Names of the operator's events in names of accounts."""

from __future__ import annotations

from types import MappingProxyType
from typing import ClassVar, Literal

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    Subject,
    TextField,
    View,
    text_of,
)
from auditor.model import Hit, Reference
from auditor.references.rows import Event
from auditor.text import fold_name

SHORTEST = 3
"""Characters of an event's name that is looked for inside the name of an account."""


class EventName(Detector):
    """Finds the name, or another name, of an event in force inside the name of an account.

    An event counts between its start and its end, and only while a run falls between them too.
    With ``like_match`` only the event of the match so far counts.
    """

    use: Literal["event_name"]
    field: TextField = "after"
    like_match: bool = False

    provides: ClassVar[frozenset[str]] = frozenset({"event", "event_name"})

    def anchor(self) -> Anchor:
        """The field changed between two captures."""
        return Anchor("change" if self.field in ("before", "after") else "field", (self.field,))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit an event that is named."""
        text = text_of(subject, self.field)
        if text is None:
            return Missing(self.field)
        name = fold_name(text).text
        wanted = given.facts().get("event") if self.like_match else None
        return [
            event_hit(self.field, text, event, spelling)
            for event in view.resources.references.events
            if wanted in (None, event.event_id) and self._in_force(event, view, subject)
            for spelling in (event.name, *event.aliases)
            if len(fold_name(spelling).text) >= SHORTEST and fold_name(spelling).text in name
        ]

    @staticmethod
    def _in_force(event: Event, view: View, subject: Subject) -> bool:
        at = subject.change.changed_at if subject.change else view.now
        return event.covers(view.now) and event.covers(at)


def event_hit(field: str, text: str, event: Event, spelling: str) -> Hit:
    """Return the hit of one event that is named."""
    reference = Reference(
        kind="event",
        name=event.name,
        short_names=event.aliases,
        reference_id=f"event:{event.event_id}",
        source=event.source,
        as_of=event.as_of,
    )
    return Hit(
        field=field,
        quote=text,
        span=(0, len(text)),
        reference=reference,
        steps=(f"event:{event.event_id}", f"contains:{spelling}"),
        facts=MappingProxyType({"event": event.event_id, "event_name": event.name}),
    )
