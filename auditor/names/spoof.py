"""Imitations of a name, technique by technique: what a watcher looks for and a test must find."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Literal, NamedTuple, get_args

from auditor.errors import UsageError
from auditor.model import MAX_NAME, Reference
from auditor.model.values import check_storable
from auditor.names.imitations.parts import Additions, Shortener, reordered
from auditor.names.imitations.signs import doubled, inserted, masked
from auditor.names.imitations.spellings import respelled, with_wide_letters
from auditor.names.imitations.substitutes import Glyphs, homophones, latin, split
from auditor.names.index import NameIndex
from auditor.names.match import NameMatch
from auditor.references import References
from auditor.text import fold_name, words

Technique = Literal[
    "full_width",
    "traditional",
    "variant",
    "glyph",
    "homophone",
    "inserted",
    "doubled",
    "reordered",
    "dropped",
    "split",
    "affix",
    "prefix",
    "masked",
    "latin",
]
TECHNIQUES: tuple[Technique, ...] = get_args(Technique)
"""The technique words of the contracts, in the order of the listing."""

SHORTEST = 2
"""Characters, after folding, from which a name can be imitated and still be told."""

_BATCH = 40
_FOLDING = frozenset({"full_width", "traditional", "variant", "inserted"})
_FOUND_IN = frozenset("XABCD")

Maker = Callable[[str], Iterable[str]]


class Imitation(NamedTuple):
    """One variant of a name; ``reference`` is the entry of the lists, or the name itself."""

    technique: Technique
    name: str
    reference: str


def check_name(name: str) -> None:
    """Refuse what cannot be imitated.

    Raises:
        UsageError: the name is empty, too long, no text, or folds to fewer than two characters.
    """
    try:
        check_storable(name)
    except ValueError as error:
        raise UsageError(f"the name {error}", "spoof") from error
    if len(name) > MAX_NAME:
        raise UsageError(f"the name is longer than {MAX_NAME} characters", "spoof")
    if len(fold_name(name).text) < SHORTEST:
        message = f"the name needs {SHORTEST} characters or more besides spaces and signs"
        raise UsageError(message, "spoof")


class Spoofer:
    """Makes imitations of any name out of the reference lists; the same each time."""

    def __init__(self, references: References, index: NameIndex) -> None:
        self._index = index
        glyphs = Glyphs(references.look_alikes)
        additions = Additions(references.affixes)
        self._makers: dict[Technique, Maker] = {
            "full_width": lambda name: with_wide_letters(name, additions.letters),
            "traditional": lambda name: respelled(name, "traditional"),
            "variant": lambda name: respelled(name, "variant"),
            "glyph": glyphs.variants,
            "homophone": lambda name: filter(_is_no_word, homophones(name, glyphs)),
            "inserted": inserted,
            "doubled": doubled,
            "reordered": reordered,
            "dropped": Shortener(references.organ_words).variants,
            "split": split,
            "affix": additions.after,
            "prefix": additions.before,
            "masked": masked,
            "latin": latin,
        }

    def imitations(
        self, name: str, techniques: Collection[Technique] = TECHNIQUES, limit: int = 20
    ) -> Iterator[Imitation]:
        """Yield at most ``limit`` variants a technique, the most deceptive first.

        None is the name itself, the name of another reference, or that of the same organ of
        another place; none comes twice.

        Raises:
            UsageError: see ``check_name``.
        """
        check_name(name)
        folded = fold_name(name).text
        own = self._index.own(name)
        reference = own[0].name if own else name
        seen = {name}
        for technique in TECHNIQUES:
            made = 0
            for variant in self._asked(name, technique) if technique in techniques else ():
                if made == limit:
                    break
                if variant not in seen and self._is_imitation(variant, folded, technique):
                    seen.add(variant)
                    made += 1
                    yield Imitation(technique, variant, reference)

    def _asked(self, name: str, technique: Technique) -> Iterator[str]:
        """Yield the variants of a technique; the index has answered for a run of them at once."""
        made = iter(self._makers[technique](name))
        while batch := list(islice(made, _BATCH)):
            self._index.matches_batch(batch)
            yield from batch

    def _is_imitation(self, variant: str, folded: str, technique: Technique) -> bool:
        text = fold_name(variant).text
        if text == folded:
            return technique in _FOLDING
        if len(variant) > MAX_NAME or self._index.own(variant):
            return False
        return not any(_elsewhere(match, folded) for match in self._index.matches(variant))


def _is_no_word(variant: str) -> bool:
    """Tell whether a name is not simply a word of the dictionary, which anybody may use."""
    return len(words(variant)) > 1


def _elsewhere(match: NameMatch, folded: str) -> bool:
    """Tell whether a variant is, letter for letter, the name of another place's organ."""
    placed = match.tier == "D" and match.places > 0 and not match.differing
    return placed and fold_name(match.place).text not in folded


def techniques_of(match: NameMatch) -> tuple[Technique, ...]:
    """Return the techniques that the steps of a match name, in the order of the listing."""
    named = set()
    for step in match.steps:
        word, _, rest = step.partition(":")
        named.add(rest if word == "fold" else word)
    return tuple(technique for technique in TECHNIQUES if technique in named)


def leads_to(match: NameMatch, name: str, own: Collection[Reference]) -> bool:
    """Tell whether a match explains an imitation of ``name``, whose references are ``own``.

    It names one of them, or reads a place and organ words that are the name's own. A name that
    only stands beside neutral words (tier E) explains nothing.
    """
    if match.tier not in _FOUND_IN:
        return False
    if match.reference is not None:
        return match.reference in own
    return match.tier == "D" and _reads_alike(match, fold_name(name).text)


def _reads_alike(match: NameMatch, folded: str) -> bool:
    """Tell whether the place and the organ words of a reading stand in the name.

    The name may have a rank that the reading lacks (平遥县, 平遥), the reading words of an outlet
    that the name lacks (公安局发布); what the reading explains as a departure is undone first.
    """
    place, organ = match.place, match.organ
    for departure in match.differing:
        place = place.replace(departure.found, departure.expected)
        organ = organ.replace(departure.found, departure.expected)
    _, found, rest = folded.partition(place)
    if not found:
        return False
    rests = [one for one in (rest, rest[1:]) if len(one) >= SHORTEST]
    return organ in folded or any(organ.startswith(one) for one in rests)
