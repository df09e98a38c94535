"""Whether a text names the body that a name was matched with: its name, or its place and organ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from auditor.detectors.base import Match, Resources
from auditor.model import Reference
from auditor.text import fold_name

SHORTEST = 3
"""Characters from which a short name stands for itself; one of two needs an organ word too."""

COMPANY_KINDS = ("media", "company")
"""Kinds of body that may be companies by law; an organ of the state never is one."""


@dataclass(frozen=True, slots=True)
class MarkWords:
    """Word lists that narrow what the text of a mark for organisations may clear, folded.

    ``companies`` are words of a company or studio, ``endings`` what may follow the name of a body
    that is a company itself, ``labels`` what every label holds beside the name (官方账号),
    ``others`` words of people who are not the body (fans, critics).
    """

    companies: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Naming:
    """The words by which a text names a body; ``by_alias`` when only by a short name."""

    words: str
    by_alias: bool = False


@cache
def folded(words: frozenset[str]) -> frozenset[str]:
    """Return the words folded as names are, without those that fold to nothing."""
    return frozenset(text for word in words if (text := fold_name(word).text))


def trusted_namings(resources: Resources, text: str, name: str, given: Match) -> Iterator[Naming]:
    """Yield how a text names the body under a mark whose kind the platform gives to bodies only.

    There the account's own name in the label is enough, and a short organ word (中院) too.
    """
    own = fold_name(name).text
    if len(own) >= SHORTEST and own in text:
        yield Naming(own)
    yield from by_reference(resources, text, given.reference)
    for place, organ in patterns(resources, given):
        # A news word without a place names no body; a label of an outlet fits it all the same.
        if not place or place_stands(resources, text, place):
            yield from map(Naming, organ_forms(resources, text, organ, legal=False))


def strict_namings(resources: Resources, text: str, given: Match) -> Iterator[Naming]:
    """Yield how a text names the body by a legal name: what a mark for any organisation needs."""
    yield from by_reference(resources, text, given.reference)
    for place, organ in patterns(resources, given):
        if place and place_stands(resources, text, place):
            yield from map(Naming, organ_forms(resources, text, organ, legal=True))


def fits_strictly(naming: Naming, text: str, name: str, kind: str, words: MarkWords) -> bool:
    """Tell whether an organisation's text that names the body is the body's own, not another's."""
    if naming.by_alias and only_repeats(text, name, words.labels):
        return False
    rest = text.replace(naming.words, "", 1)
    if holds(rest, words.others):
        return False
    if not holds(rest, words.companies):
        return True
    # 人民网股份有限公司 is the body; 人民网络科技有限公司 only begins like it.
    is_own = kind in COMPANY_KINDS and text.startswith(naming.words)
    return is_own and covered(rest, words.endings | words.labels)


def only_repeats(text: str, name: str, labels: frozenset[str]) -> bool:
    """Tell whether a folded text is the account's own name and the words every label holds."""
    own = fold_name(name).text
    return bool(own) and own in text and covered(text.replace(own, "", 1), labels)


def by_reference(resources: Resources, text: str, reference: Reference | None) -> Iterator[Naming]:
    """Yield the full name of a listed body, then its short names, where they stand in a text."""
    if reference is None:
        return
    full = fold_name(reference.name).text
    if full in text and (len(full) >= SHORTEST or full == text):
        yield Naming(full)
    for short in (fold_name(word).text for word in reference.short_names):
        if short not in text or not short:
            continue
        beside = text.replace(short, "", 1)
        if len(short) >= SHORTEST or short == text or holds(beside, resources.body_words):
            yield Naming(short, by_alias=True)


def patterns(resources: Resources, given: Match) -> Iterator[tuple[str, str]]:
    """Yield the place and organ word of a match, and of a listed name that is made of both."""
    facts = given.facts()
    place, organ = (_respelled(facts.get(key, ""), given) for key in ("place", "organ"))
    if organ:
        yield place, organ
    reference = given.reference
    names = (reference.name, *reference.short_names) if reference else ()
    for name in map(_folded_name, names):
        for cut in range(2, len(name) - 1):
            for part, rest in ((name[:cut], name[cut:]), (name[cut:], name[:cut])):
                # Only short organ words: 北京大学 is not the sum of 北京 and 大学.
                if part in resources.places and rest in resources.organ_forms:
                    yield part, rest


def _folded_name(name: str) -> str:
    return fold_name(name).text


def _respelled(words: str, given: Match) -> str:
    """Return a place or organ word as the list spells it: 政俯 is looked for as 政府."""
    text = fold_name(words).text
    for step in (step for hit in given.hits for step in hit.steps):
        _, _, pair = step.partition(":")
        found, arrow, expected = pair.rpartition("@")[0].partition("→")
        if arrow and found and expected:
            text = text.replace(found, expected, 1)
    return text


def organ_forms(resources: Resources, text: str, organ: str, *, legal: bool) -> Iterator[str]:
    """Yield the forms of an organ word that stand in a text, longest first.

    Forms are those of the reference list for the words that the organ ends with, else for those it
    holds; with ``legal`` a short word itself (中院) does not count where the list knows its forms.
    """
    known = [word for word in resources.organ_forms if word in organ]
    ending = [word for word in known if organ.endswith(word)] or known
    forms = {form for word in ending for form in resources.organ_forms[word]}
    if not legal or not forms:
        forms.add(organ)
    yield from sorted((form for form in forms if form in text), key=lambda form: (-len(form), form))


def place_stands(resources: Resources, text: str, place: str) -> bool:
    """Tell whether a text names a place, in full or short; 朝阳市 does not name 朝阳区."""
    base = _division(resources, place)
    if base in text:
        return True
    return any(_stands_alone(resources, text, stem) for stem in resources.stems.get(base, ()))


def _division(resources: Resources, place: str) -> str:
    """Return the last division of a chain as 湖南省长沙市岳麓区."""
    tails = (place[start:] for start in range(len(place) - 1))
    return next((tail for tail in tails if tail in resources.places), place)


def _stands_alone(resources: Resources, text: str, stem: str) -> bool:
    start = text.find(stem)
    while start >= 0:
        end = start + len(stem)
        longer = (text[start:stop] for stop in range(end + 1, min(len(text), end + 8) + 1))
        if not any(name in resources.places for name in longer):
            return True
        start = text.find(stem, start + 1)
    return False


def holds(text: str, words: Iterable[str]) -> bool:
    """Tell whether one of the words stands in a text."""
    return any(word in text for word in words)


def covered(text: str, words: frozenset[str]) -> bool:
    """Tell whether words of a list, one after another, make up the whole text."""
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached.update(start + len(word) for word in words if text.startswith(word, start))
    return len(text) in reached
