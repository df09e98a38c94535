"""The name index: every tier asked in turn, the best one answers."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import MAX_NAME, Reference
from auditor.names.affixes import Affixes
from auditor.names.codes import Codes, chunks
from auditor.names.contained import Contained, ContainedIndex
from auditor.names.forms import Form, Forms
from auditor.names.grammar import Grammar, Parse
from auditor.names.looks import Looks
from auditor.names.marks import Asked
from auditor.names.match import Difference, Doubt, NameMatch, Tier, Way
from auditor.names.near import Near, NearIndex
from auditor.names.news import NewsWords
from auditor.names.places import place_names
from auditor.names.reading import Reading
from auditor.names.screen import Screen
from auditor.names.tails import Tails
from auditor.references import References
from auditor.text import edits, fold_codes, fold_name, likest, ratio
from auditor.text.tables import word_list

SCORE = "rapidfuzz.fuzz.ratio"
UNEXPLAINED = 75.0
"""The ratio (0..100) from which a name is told as near without a reason: one character of four."""


_UNPLACED: frozenset[Way] = frozenset({"state_organ", "function_desk"})
_SURE: frozenset[Way] = frozenset({"reordered", "doubled", "masked", "split"})


def _holds_another(near: Near, official: Sequence[Contained]) -> bool:
    """Tell whether the name holds, letter for letter, another name that explains it as well."""
    text = near.form.text
    if near.way == "inserted" and official:
        return True
    return any(found.form.text != text and len(found.form.text) >= len(text) for found in official)


def _reads_as_another(near: Near, placed: Parse | None) -> bool:
    """Tell whether the name reads as a place and organ of at least that length."""
    length = min(len(near.form.text), near.end - near.start)
    return placed is not None and placed.end - placed.start >= length


def _folded(text: str) -> str:
    return fold_name(text).text


class NameIndex:
    """References arranged so that one name is compared with the few that it could stand for."""

    def __init__(self, references: References) -> None:
        forms = Forms(references.organisations, _folded)
        places = place_names(
            references.divisions, references.former_divisions, references.organ_words, _folded
        )
        alphabet = {c for text in forms.by_text for c in text}
        alphabet.update(c for text in places for c in text)
        alphabet.update(c for word in references.organ_words for c in _folded(word.word))
        looks = Looks(references.look_alikes, alphabet, _folded)
        affixes = Affixes(references.affixes, _folded)
        tails = Tails(references.organ_words, affixes, looks, _folded)
        self._forms = forms
        self._ranks = frozenset(word_list("text-imitation-ranks"))
        self._near = NearIndex(forms, looks, affixes, tails)
        self._contained = ContainedIndex(forms, affixes, tails, places)
        self._grammar = Grammar(places, references.organ_words, tails, affixes, looks, _folded)
        self._news = NewsWords(references.organ_words, places, affixes, _folded)
        vocabulary = self._grammar.vocabulary
        self._screen = Screen(forms, affixes, tails, vocabulary, self._news.words, looks)
        self._last: dict[str, tuple[NameMatch, ...]] = {}

    @classmethod
    def build(cls, references: References) -> NameIndex:
        """Build the index; takes about half a second for the shipped lists."""
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
        known = self._last.get(name)
        return self.matches_batch((name,))[0] if known is None else known

    def matches_batch(self, names: Sequence[str]) -> list[tuple[NameMatch, ...]]:
        """Return ``[matches(name) for name in names]``, some fifty times faster.

        The answers of the last batch are kept: who asks for one of its names again gets them.
        """
        answers: list[tuple[NameMatch, ...]] = [()] * len(names)
        table = fold_codes("name")
        for start, part in chunks([name if len(name) <= MAX_NAME else "" for name in names]):
            codes = Codes.of(part, table)
            for index, asked in self._screen.left(part, codes):
                answers[start + index] = self._answer(part[index], codes.text(index), asked)
        self._last = dict(zip(names, answers, strict=True))
        return answers

    def aside(self, name: str) -> tuple[NameMatch, ...]:
        """Return what the index saw in a name and set aside, each with ``why_not``; for a reader.

        Tier N: somebody else's words beside a reference, or a word across its edge. E: neutral
        words beside it. F: a likeness that nothing explains. Slow: it
        compares with every form. Empty where ``matches`` answers.
        """
        if len(name) > MAX_NAME or self.matches(name):
            return ()
        reading = Reading(name)
        held = [self._inside(found, reading) for found in self._contained.aside(reading.text)]
        told = {match.value for match in held}
        near = [
            self._unexplained(form, reading)
            for text in likest(reading.text, self._forms.texts, at_least=UNEXPLAINED)
            for form in self._forms.by_text[text]
            if form.raw not in told
        ]
        return (*sorted(held, key=_order), *near)

    @staticmethod
    def _unexplained(form: Form, reading: Reading) -> NameMatch:
        departures = tuple(
            Difference(edit.start + 1, edit.found, edit.expected, edit.kind)
            for edit in edits(reading.text, form.text)
        )
        return _of_reference(
            form, reading, (0, len(reading.text)), departures,
            tier="F", way="unexplained", why_not="unexplained",
        )  # fmt: skip

    def _answer(self, name: str, text: str, asked: Asked) -> tuple[NameMatch, ...]:
        if own := self._forms.by_raw.get(name):
            return _ordered([_identical(form) for form in own])
        return _ordered(self._found(Reading(name, text), asked)) if text else ()

    def _found(self, reading: Reading, asked: Asked) -> list[NameMatch]:
        text = reading.text
        if own := self._forms.by_text.get(text):
            return [self._own(form, reading) for form in own]
        parse = self._grammar.parse(text) if asked.built else None
        placed = parse if parse and parse.way not in _UNPLACED else None
        official = self._contained.official(text) if asked.held else []
        if (asked.near or asked.mixed) and (
            near := self._nearest(reading, asked, official, placed)
        ):
            return [self._nearby(one, reading) for one in near]
        if official:
            return [self._inside(found, reading) for found in official]
        parse = parse or (self._grammar.spelled(reading.masked) if asked.built else None)
        if parse:
            return [self._parsed(parse, reading)]
        if asked.news and (news := self._news.find(text)):
            return [_news_match(news.word, news.start, news.end, reading, weak=news.weak)]
        return []

    def _nearest(
        self, reading: Reading, asked: Asked, official: Sequence[Contained], placed: Parse | None
    ) -> list[Near]:
        """Return the references that the name departs from by the fewest steps.

        A name that reads as place + organ (``placed``), or holds another whole name as long, is
        another body and no slip of its neighbour's: 山西省X and 陕西省X sound alike. Some say more:
        another order, a doubled, masked, split or spelled-out character, a lost rank.
        """
        mixed = [self._forms.texts[number] for number in sorted(asked.mixed)]
        rearranged = self._near.rearranged(reading.text, mixed)
        found = {self._near_key(near): near for near in rearranged}
        if not found:
            candidates = [self._forms.texts[number] for number in sorted(asked.near)]
            spelled = self._near.spelled(reading.masked, candidates)
            for near in (*spelled, *self._near.altered(reading.text, candidates)):
                key = self._near_key(near)
                kept = found.get(key)
                if kept is None or len(near.differing) < len(kept.differing):
                    found[key] = near
        fewest = min((len(near.differing) for near in found.values()), default=0)
        return [
            near
            for near in found.values()
            if len(near.differing) == fewest
            and not _holds_another(near, official)
            and (self._is_sure(near) or not _reads_as_another(near, placed))
            and not self._moves(near, reading.text)
        ]

    def _is_sure(self, near: Near) -> bool:
        first = near.differing[0]
        if near.way == "dropped":
            return first.expected in self._ranks
        if near.way == "latin":
            return len(first.found) > 1
        return near.way in _SURE

    def _moves(self, near: Near, text: str) -> bool:
        """Tell whether another order names another place: 西山公安 is no slip of 山西公安."""
        if near.way != "reordered":
            return False
        return any(place not in near.form.text for place in self._grammar.heads.places_in(text))

    @staticmethod
    def _near_key(near: Near) -> tuple[str, str]:
        return (near.form.reference.reference_id, near.form.text)

    @staticmethod
    def _own(form: Form, reading: Reading) -> NameMatch:
        # Capital letters and a changed comma are ordinary writing and no way of writing otherwise.
        way: Way = "folded" if reading.steps else "equal"
        return _of_reference(form, reading, (0, len(reading.text)), tier="A", way=way)

    @staticmethod
    def _nearby(near: Near, reading: Reading) -> NameMatch:
        # In a masked text offsets run past the folded ones; the whole name is the safe answer.
        shown = None if reading.masked == reading.text else (0, len(reading.name))
        return _of_reference(
            near.form, reading, (near.start, near.end), near.differing,
            tier="B", way=near.way, shown=shown, doubt="unit" if near.desk else "",
        )  # fmt: skip

    @staticmethod
    def _inside(found: Contained, reading: Reading) -> NameMatch:
        shown = None
        if found.doubt == "unit":
            # The words of a desk belong to the name: 投诉 in 投诉受理中心 is no label of critics.
            shown = reading.span(found.start, len(reading.text))
        return _of_reference(
            found.form, reading, (found.start, found.end),
            tier=found.tier, way=found.way, shown=shown, doubt=found.doubt, why_not=found.why_not,
        )  # fmt: skip

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
            doubt=parse.doubt,
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
        doubt="everyday" if weak else "",
    )


def _identical(form: Form) -> NameMatch:
    """Return the match of a name that is, character for character, the form."""
    return NameMatch(
        tier="X",
        way="equal",
        kind=form.reference.kind,
        value=form.raw,
        span=(0, len(form.raw)),
        reference=form.reference,
        steps=(f"equal:{form.raw}",),
        score_name=SCORE,
        score_value=100.0,
    )


def _of_reference(
    form: Form,
    reading: Reading,
    span: tuple[int, int],
    differing: tuple[Difference, ...] = (),
    *,
    tier: Tier,
    way: Way,
    shown: tuple[int, int] | None = None,
    doubt: Doubt = "",
    why_not: str = "",
) -> NameMatch:
    """Return the match of a form at a span of the folded name; ``shown`` is one of the name."""
    text = reading.masked if differing else reading.text
    before, after = text[: span[0]], text[span[1] :]
    steps = [*reading.steps, *(difference.step for difference in differing)]
    steps.append(f"equal:{form.raw}")
    steps += [f"prefix:{before}"] * bool(before) + [f"affix:{after}"] * bool(after)
    return NameMatch(
        tier=tier,
        way=way,
        kind=form.reference.kind,
        value=form.raw,
        span=shown or reading.span(*span),
        reference=form.reference,
        steps=tuple(steps),
        remainder=before + after,
        differing=differing,
        score_name=SCORE,
        score_value=round(ratio(reading.text, form.text), 1),
        doubt=doubt,
        why_not=why_not,
    )


def _ordered(found: list[NameMatch]) -> tuple[NameMatch, ...]:
    return tuple(sorted(found, key=_order)) if len(found) > 1 else tuple(found)


def _order(match: NameMatch) -> tuple[int, float, str, str]:
    """Order matches of one tier: fewest departures, highest ratio, then by name."""
    reference_id = match.reference.reference_id if match.reference else ""
    return (len(match.differing), -(match.score_value or 0.0), match.value, reference_id)
