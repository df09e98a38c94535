"""The name index: every tier asked in turn, the best one answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.model import MAX_NAME, Reference
from auditor.names.affixes import Affixes
from auditor.names.contained import Contained, ContainedIndex
from auditor.names.forms import Form, Forms
from auditor.names.grammar import Grammar, Parse
from auditor.names.looks import Looks
from auditor.names.match import Difference, NameMatch
from auditor.names.near import Near, NearIndex
from auditor.names.news import NewsWords
from auditor.names.places import place_names
from auditor.names.reading import Reading
from auditor.references import References
from auditor.text import fold_name, ratio


def _folded(text: str) -> str:
    return fold_name(text).text


class NameIndex:
    """References arranged so that one name is compared with the few that it could stand for."""

    def __init__(self, references: References) -> None:
        forms = Forms(references.organisations, _folded)
        places = place_names(references.divisions, references.former_divisions, _folded)
        alphabet = {c for text in forms.by_text for c in text}
        alphabet.update(c for text in places for c in text)
        alphabet.update(c for word in references.organ_words for c in _folded(word.word))
        looks = Looks(references.look_alikes, alphabet, _folded)
        affixes = Affixes(references.affixes, _folded)
        self._forms = forms
        self._near = NearIndex(forms, looks, affixes)
        self._contained = ContainedIndex(forms, affixes)
        self._grammar = Grammar(places, references.organ_words, affixes, looks, _folded)
        self._news = NewsWords(references.organ_words, places, affixes, _folded)

    @classmethod
    def build(cls, references: References) -> NameIndex:
        """Build the index; takes one to two seconds for the shipped lists."""
        return cls(references)

    def own(self, name: str) -> tuple[Reference, ...]:
        """Return the references whose name, or registered short name, the folded name is."""
        forms = self._forms.by_text.get(_folded(name), [])
        return tuple({form.reference.reference_id: form.reference for form in forms}.values())

    def matches(self, name: str) -> tuple[NameMatch, ...]:
        """Return the matches of the best tier that has any, best first; empty for most names.

        A name that is itself on the list gives its own entries and no near one. Names longer than
        a profile can hold give nothing.
        """
        if not name or len(name) > MAX_NAME:
            return ()
        reading = Reading(name)
        if not reading.text:
            return ()
        found = sorted(self._found(reading), key=_order)
        return tuple(found)

    def _found(self, reading: Reading) -> list[NameMatch]:
        text = reading.text
        if own := self._forms.by_text.get(text):
            return [self._own(form, reading) for form in own]
        parse = self._grammar.parse(text)
        placed = parse is not None and parse.way != "state_organ"
        if near := list(self._nearest(reading, placed=placed)):
            return near
        contained = list(self._contained.find(text))
        official = [found for found in contained if found.tier == "C"]
        if official:
            return [self._inside(found, reading) for found in official]
        parse = parse or self._grammar.spelled(reading.masked)
        if parse:
            return [self._parsed(parse, reading)]
        if news := self._news.find(text):
            return [_news_match(news.word, news.start, news.end, reading, weak=news.weak)]
        return [self._inside(found, reading) for found in contained]

    def _nearest(self, reading: Reading, *, placed: bool) -> Iterator[NameMatch]:
        # A name that reads as place + organ is another body, not a slip of its neighbour's name:
        # 山西省X and 陕西省X sound alike. Only the same characters reordered say more than that.
        found = {self._near_key(near): near for near in self._near.rearranged(reading.text)}
        if not found and not placed:
            for near in (*self._near.spelled(reading.masked), *self._near.altered(reading.text)):
                key = self._near_key(near)
                kept = found.get(key)
                if kept is None or len(near.differing) < len(kept.differing):
                    found[key] = near
        fewest = min((len(near.differing) for near in found.values()), default=0)
        for near in found.values():
            if len(near.differing) == fewest:
                yield self._nearby(near, reading)

    @staticmethod
    def _near_key(near: Near) -> tuple[str, str]:
        return (near.form.reference.reference_id, near.form.text)

    def _own(self, form: Form, reading: Reading) -> NameMatch:
        same = reading.name == form.raw
        match = _of_reference(form, reading, 0, len(reading.text), ())
        return replace(match, tier="X" if same else "A", way="equal" if same else "folded")

    def _nearby(self, near: Near, reading: Reading) -> NameMatch:
        match = _of_reference(near.form, reading, 0, near.end, near.differing)
        # In a masked text offsets run past the folded ones; the whole name is the safe answer.
        span = match.span if reading.masked == reading.text else (0, len(reading.name))
        return replace(match, tier="B", way=near.way, span=span)

    def _inside(self, found: Contained, reading: Reading) -> NameMatch:
        match = _of_reference(found.form, reading, found.start, found.end, ())
        return replace(match, tier=found.tier, way=found.way)

    @staticmethod
    def _parsed(parse: Parse, reading: Reading) -> NameMatch:
        steps = [*reading.steps, *(departure.step for departure in parse.departures)]
        steps += [f"place:{parse.place}", f"organ:{parse.organ}"]
        if parse.remainder:
            steps.append(f"affix:{parse.remainder}")
        return NameMatch(
            tier="D",
            way=parse.way,
            kind=parse.kind,
            value=f"{parse.place}{parse.organ}",
            span=reading.span(parse.start, parse.end),
            steps=tuple(steps),
            place=parse.place,
            places=parse.places,
            organ=parse.organ,
            remainder=parse.remainder,
            differing=parse.departures,
            weak=parse.weak,
        )


def _news_match(word: str, start: int, end: int, reading: Reading, *, weak: bool) -> NameMatch:
    text = reading.text
    return NameMatch(
        tier="G",
        way="news_word",
        kind="media",
        value=word,
        span=reading.span(start, end),
        steps=(*reading.steps, f"news:{word}"),
        organ=word,
        remainder=text[:start] + text[end:],
        weak=weak,
    )


def _of_reference(
    form: Form, reading: Reading, start: int, end: int, differing: tuple[Difference, ...]
) -> NameMatch:
    text = reading.text
    remainder = text[:start] + text[end:]
    steps = [*reading.steps, *(difference.step for difference in differing)]
    steps.append(f"equal:{form.raw}")
    if remainder:
        steps.append(f"affix:{remainder}")
    return NameMatch(
        tier="X",
        way="equal",
        kind=form.reference.kind,
        value=form.raw,
        span=reading.span(start, end),
        reference=form.reference,
        steps=tuple(steps),
        remainder=remainder,
        differing=differing,
        score_name="rapidfuzz.fuzz.ratio",
        score_value=round(ratio(text, form.text), 1),
    )


def _order(match: NameMatch) -> tuple[int, float, str, str]:
    """Order matches of one tier: fewest departures, highest ratio, then by name."""
    reference_id = match.reference.reference_id if match.reference else ""
    return (len(match.differing), -(match.score_value or 0.0), match.value, reference_id)
