"""Whether what differs between a stretch of a name and a form may have a reason.

Most pairs within one edit have none, and to read a name beside a form costs as much as many looks
at a pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from auditor.names.codes import Positions, decoded, hashes_of
from auditor.names.forms import SHORTEST_DROPPED, Forms
from auditor.names.keys import runs
from auditor.names.looks import Looks, code_points
from auditor.names.marks import Stretches, Texts
from auditor.names.parts import shared_part
from auditor.names.reading import Reading
from auditor.names.sounds import are_sounds
from auditor.names.spelling import MASK, may_be_added
from auditor.names.variants import LETTERS, STANDS_FOR_ANY

_RUN = re.compile("[a-z]+|[0-9]+")
_TWICE = re.compile(r"(.)\1")


class Plausible:
    """Asks of pairs of a stretch and a form, by number, whether the one may stand for the other."""

    def __init__(self, forms: Forms, looks: Looks) -> None:
        self._forms, self._looks = forms, looks
        self._hashes = hashes_of(forms.texts)
        self._codes = code_points("".join(forms.texts))
        self._starts = np.cumsum([0, *map(len, forms.texts)])

    def pairs(
        self, texts: Texts, asked: Stretches, at: Positions, numbers: Positions
    ) -> Iterator[tuple[int, int]]:
        """Yield those pairs (text, form) of which a stretch, ``at`` its place, may be the form."""
        codes = texts.codes
        written = asked.owners[at] < texts.written
        kept = np.flatnonzero(~written | (asked.whole[at] != self._hashes[numbers]))
        at, numbers, written = at[kept], numbers[kept], written[kept]
        if not at.size:
            return
        first, last = asked.first[at], asked.last[at]
        same = last - first == np.diff(self._starts)[numbers]
        left = np.flatnonzero(same)
        # What is shorter has lost a character of a long form, or is a name that lost its last word.
        whole = last - first == np.diff(codes.starts)[asked.owners[at]]
        replaced = whole | (last - first >= SHORTEST_DROPPED - 1)
        replaced[left] = self._replaced(codes.flat, first[left], last[left], numbers[left])
        kept = np.flatnonzero(replaced)
        sure = (same & written)[kept]
        columns = (asked.owners[at[kept]], numbers[kept], first[kept], last[kept], sure)
        for owner, number, *stretch, is_sure in zip(*(c.tolist() for c in columns), strict=True):
            if is_sure or self._departs(texts, owner, number, stretch):
                yield owner, number

    def _departs(self, texts: Texts, owner: int, number: int, stretch: Sequence[int]) -> bool:
        """Tell whether a stretch departs from a form for a reason, if not sign by sign."""
        text, form = texts.codes.stretch(*stretch), self._forms.texts[number]
        name = int(texts.names[owner])
        if len(text) < len(form):
            return self._has_lost(text, form, texts.reading(name))
        if len(text) > len(form):
            return self._has_gained(text, form, texts.reading(name))
        return self._is_undone(text, form, texts.reading(name), texts.codes.text(owner))

    def _replaced(
        self, flat: NDArray[np.uint32], first: Positions, last: Positions, numbers: Positions
    ) -> NDArray[np.bool_]:
        """Tell of which pairs of one length every differing character may stand for the other."""
        owners, at = runs(first, last - first)
        _, form_at = runs(self._starts[numbers], last - first)
        found, expected = flat[at], self._codes[form_at]
        differing = np.flatnonzero(found != expected)
        related = self._may_stand(found[differing], expected[differing])
        kept = np.ones(len(first), dtype=np.bool_)
        kept[owners[differing[~related]]] = False
        return kept

    def _may_stand(
        self, found: NDArray[np.uint32], expected: NDArray[np.uint32]
    ) -> NDArray[np.bool_]:
        """Tell for pairs of code points whether the one may stand for the other."""
        related = are_sounds(found)
        for sign in STANDS_FOR_ANY:
            related |= found == ord(sign)
        related |= self._looks.may_stand(found, expected)
        left = np.flatnonzero(~related)
        shares = map(shared_part, decoded(found[left]), decoded(expected[left]))
        related[left] = np.fromiter(shares, np.float64, len(left)) > 0
        return related

    def _has_lost(self, text: str, form: str, reading: Reading) -> bool:
        """Tell whether a stretch may have lost a character, or other signs stand for it."""
        if text == reading.text and self._forms.shortened(text, form) is not None:
            return True
        # What a form has twice is lost as well where a name is read with all doubles undone.
        long = len(form) >= SHORTEST_DROPPED
        return long and (_is_doubled(reading.text) or self._holds_sign(reading, form))

    def _has_gained(self, text: str, form: str, reading: Reading) -> bool:
        """Tell whether a stretch may have gained a character that decorates, or within a name."""
        if any(map(may_be_added, text, " " + text)):
            return True
        return text == reading.text and self._forms.lengthened(text, form) is not None

    def _is_undone(self, text: str, form: str, reading: Reading, rewritten: str) -> bool:
        """Tell whether what was undone to get a stretch of a ``rewritten`` name leads to the form.

        Letters beside a form depart from it in nothing; what was twice may have been within it.
        """
        if text == form:
            apart = reading.text.count(form) < rewritten.count(form)
            return apart or _is_doubled(reading.text)
        expected = "".join(form[at] for at, sign in enumerate(text) if sign == LETTERS)
        # Letters of the form itself may be doubled, or stand among others.
        own = _RUN.search(expected) is not None
        return own or not expected or self._holds_sign(reading, expected)

    def _holds_sign(self, reading: Reading, characters: str) -> bool:
        """Tell whether a mask, letters or digits of a name may stand for one of some characters."""
        if MASK in reading.masked:
            return True
        return any(self._is_spelled(run, characters) for run in _RUN.findall(reading.text))

    def _is_spelled(self, run: str, characters: str) -> bool:
        """Tell whether a run of letters or digits may stand for one of some characters."""
        return not self._looks.written(run).isdisjoint(characters) or any(
            not self._looks.expected(sign).keys().isdisjoint(characters) for sign in run
        )


def _is_doubled(text: str) -> bool:
    return _TWICE.search(text) is not None
