"""Which first steps may speak of a subject, told from the phrases that stand in its texts.

One more rule on words costs an account nothing where none of its words stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from auditor.detectors import Each, Step, Subject, View
from auditor.detectors.base import TextField, text_of
from auditor.rules.gaps import POST_FIELDS

Places = set[int]


@dataclass(frozen=True)
class Hearing:
    """First steps by what makes them speak, each as its place among those of one kind of subject.

    ``always`` are asked of every subject. ``phrases`` maps a field and a word list to the steps
    that look for it there, ``gaps`` a field to those that tell where it is missing, ``names`` are
    those that ask the name index for the account's name.
    """

    always: Places = field(default_factory=set)
    phrases: dict[TextField, dict[str, Places]] = field(default_factory=dict)
    gaps: dict[TextField, Places] = field(default_factory=dict)
    names: Places = field(default_factory=set)

    @classmethod
    def of(cls, each: Each, steps: Sequence[Step]) -> Hearing:
        """File the first steps of rules about one kind of subject."""
        made = cls()
        for place, step in enumerate(steps):
            made._file(each, place, step)
        return made

    def _file(self, each: Each, place: int, step: Step) -> None:
        anchor = step.anchor()
        # Of an account a step on posts reads those that it was given, or all: it is asked.
        reads_others = each == "account" and not POST_FIELDS.isdisjoint(anchor.fields)
        if step.anchored and anchor.kind == "name" and anchor.fields == ("name",):
            self.names.add(place)
        elif step.anchored and anchor.kind == "lexicon" and not reads_others:
            for name in cast("tuple[TextField, ...]", anchor.fields):
                lists = self.phrases.setdefault(name, {})
                for lexicon in anchor.lexicons:
                    lists.setdefault(lexicon, set()).add(place)
                self.gaps.setdefault(name, set()).add(place)
        else:
            self.always.add(place)

    def asked(self, view: View, subject: Subject) -> list[int]:
        """Return the steps that may speak of a subject, in their order; what is missing speaks."""
        places = set(self.always)
        for name, lists in self.phrases.items():
            text = text_of(subject, name)
            if text is None:
                places |= self.gaps[name]
            elif text:
                found = view.scanned(text).lexicons
                if name == "name":
                    found |= view.scanned_name(text).lexicons
                for lexicon in found & lists.keys():
                    places |= lists[lexicon]
        if self.names:
            account = text_of(subject, "name")
            if account is None or view.name_matches(account):
                places |= self.names
        return sorted(places)
