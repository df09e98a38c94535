"""Which of many names can mean anything to the index, asked for all of them at once.

Nearly every name of a platform stands near no reference and is built from no place and organ word.
The screen asks each name the necessary conditions of every tier, as look-ups of hashes over one
flat array; only what is left is read character by character.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from auditor.names.affixes import Affixes
from auditor.names.codes import Codes, Hashes, Positions, flat_chunks, hashes_of
from auditor.names.cuts import (
    Core,
    Cuts,
    Prefixes,
    WordEdges,
    character_table,
    cores,
    head_cuts,
    joined,
    tail_cuts,
)
from auditor.names.editjoin import EditJoin
from auditor.names.forms import Forms
from auditor.names.grammar import Vocabulary
from auditor.names.keys import HashSet, Table, salted
from auditor.names.looks import Looks, skeletons
from auditor.names.marks import Asked, Built, Heads, Marks, Stretches, Texts
from auditor.names.places import RANKS
from auditor.names.plausible import Plausible
from auditor.names.reading import Reading
from auditor.names.sounds import sound_codes
from auditor.names.tails import Tails
from auditor.names.variants import Variants

_SHORTEST_NEAR = 3
_SHORTEST_SOUND = 4


class Screen:
    """The necessary conditions of all tiers, asked of folded names."""

    def __init__(
        self,
        forms: Forms,
        affixes: Affixes,
        tails: Tails,
        vocabulary: Vocabulary,
        news: Iterable[str],
        looks: Looks,
    ) -> None:
        self._classes, self._glyph_classes = looks.classes, looks.glyph_classes
        self._sound_codes = sound_codes()
        near = [text for text in forms.texts if len(text) >= _SHORTEST_NEAR]
        numbers = np.array(
            [i for i, text in enumerate(forms.texts) if len(text) >= _SHORTEST_NEAR], dtype=np.intp
        )
        self._numbers = numbers
        self._edits = EditJoin(skeletons(near, looks.glyph_classes))
        self._forms = HashSet.of(forms.texts)
        self._plausible = Plausible(forms, looks)
        self._whole = HashSet.of([*forms.texts, *forms.headless])
        self._bags = _filed(near, numbers, _bags)
        long = numbers[[len(text) >= _SHORTEST_SOUND for text in near]]
        self._sounds = _filed([forms.texts[number] for number in long], long, _sounds)
        self._form_hashes = hashes_of(forms.texts)
        self._after = WordEdges([*affixes.covering("after"), *tails.words])
        self._before = WordEdges(affixes.covering("before"))
        self._prefix = WordEdges(vocabulary.prefixes)
        self._states = Prefixes(vocabulary.states)
        self._bodies = Prefixes(skeletons(forms.texts, looks.classes))
        self._written_bodies = Prefixes(forms.texts)
        self._places = WordEdges(skeletons(vocabulary.places, looks.classes))
        self._placed = Prefixes(skeletons(vocabulary.places, looks.classes))
        latin = [*forms.texts, *vocabulary.places, *vocabulary.states]
        self._latin_heads = Prefixes(head for head in latin if head[:2].isascii())
        behind = [*tails.words, *tails.shortened, *vocabulary.places, *RANKS]
        self._behind = WordEdges(skeletons(behind, looks.classes))
        self._brands = Prefixes(vocabulary.brands)
        self._finals = WordEdges(skeletons(vocabulary.finals, looks.classes))
        sounded = Codes.of(sorted(vocabulary.spelled)).mapped(sound_codes())
        self._final_sounds = WordEdges(sounded.texts())
        self._news = WordEdges(news)
        self._plain = character_table("abcdefghijklmnopqrstuvwxyz0123456789")
        self._ranks = character_table(RANKS)
        self._variants = Variants()

    def left(self, names: Sequence[str], folded: Codes) -> Iterator[tuple[int, Asked]]:
        """Yield the position of each name that some tier may answer; ``folded`` are the names."""
        # All readings at once: to ask costs a millisecond however few texts there are.
        variants = list(self._variants.of(names, folded))
        codes = _side_by_side([folded, *(one.codes for one in variants)])
        count = len(names)
        owners = np.concatenate([np.arange(count), *(one.owners for one in variants)])
        own = self._forms.holds(codes.hashes(codes.starts[:count], codes.starts[1 : count + 1]))

        def reading(index: int) -> Reading:
            """Return the name at a position, read as the index reads it."""
            return Reading(names[index], folded.text(index))

        marks = Marks(count)
        # Another reading that is a form is what the name departs from, not the name itself.
        self._ask(Texts(codes, owners, own[owners], count, reading), marks)
        yield from marks.asked()

    def _ask(self, texts: Texts, marks: Marks) -> None:
        """Ask every condition of some texts."""
        codes, names = texts.codes, texts.names
        first = codes.starts[:-1]
        tails = tail_cuts(codes, self._after, self._plain.take(codes.flat))
        heads = head_cuts(codes, self._before)
        core = cores(heads, tails)
        marks.held[names[core.owners[self._whole.holds(codes.hashes(core.first, core.last))]]] = (
            True
        )
        classes, sounds = codes.mapped(self._classes), codes.mapped(self._sound_codes)
        built = self._built(codes, classes, sounds, tails)
        marks.built[names[built.read]] = True
        marks.held[names[self._bodied(codes, classes, heads, built.ended)]] = True
        marks.built[names[self._branded(codes, classes)]] = True
        news = self._news.ending(codes, tails.owners, tails.at, first[tails.owners] + 1)
        marks.news[names[news.owners]] = True
        stretches = self._long(texts, core)
        for pairs in self._near(codes, sounds, stretches):
            for owner, number in self._plausible.pairs(texts, stretches, *pairs):
                marks.near.setdefault(int(names[owner]), set()).add(number)
        for owner, number in self._mixed(codes, stretches):
            marks.mixed.setdefault(int(names[owner]), set()).add(number)

    def _built(self, codes: Codes, classes: Codes, sounds: Codes, tails: Cuts) -> Built:
        """Return names that begin with a head or a form and end with a final word."""
        starts = Cuts(np.arange(len(codes.starts) - 1), codes.starts[:-1])
        owners, at = joined([starts, self._prefix.beginning(codes, *starts, codes.starts[1:])])
        # Two letters stand for two characters in no name: ebooks begins like none of Chinese.
        fits = np.flatnonzero(codes.starts[owners + 1] - at > 1)
        owners, at = owners[fits], at[fits]
        latin = self._plain.take(codes.flat[at]) & self._plain.take(codes.flat[at + 1])
        begun = Cuts(owners[~latin], at[~latin])
        heads = self._headed(codes, classes, begun)
        heads.read[self._latin_heads.beginning(codes, owners[latin], at[latin]).owners] = True
        begins = heads.read | heads.placed
        begins[self._bodies.beginning(classes, *begun).owners] = True
        kept = np.flatnonzero(begins[tails.owners])
        owners, at = tails.owners[kept], tails.at[kept]
        first = codes.starts[owners] + 1
        exact = self._finals.ending(classes, owners, at, first).owners
        heard = self._final_sounds.ending(sounds, owners, at, first)
        # A word that is only heard is known by nothing but its place, directly behind a head.
        heads.read[heard.owners[heads.behind[heard.at]]] = True
        ended = np.concatenate((exact, heard.owners))
        return Built(ended[heads.read[ended]], ended)

    def _headed(self, codes: Codes, classes: Codes, begun: Cuts) -> Heads:
        """Return which texts begin with a word for the state or with a place, and what follows."""
        read = np.zeros(len(codes.starts) - 1, dtype=np.bool_)
        placed, behind = read.copy(), np.zeros(len(codes.flat) + 1, dtype=np.bool_)
        ends = joined([self._placed.beginning(classes, *begun), self._ranked(codes)])
        placed[ends.owners] = behind[ends.at] = True
        read[self._states.beginning(codes, *begun).owners] = True
        read[self._behind.beginning(classes, *ends, codes.starts[ends.owners + 1]).owners] = True
        return Heads(read, placed, behind)

    def _bodied(self, codes: Codes, classes: Codes, heads: Cuts, built: Positions) -> Positions:
        """Return names that begin with a form and go on with a place, or are of ``built``."""
        found = self._written_bodies.beginning(codes, *heads)
        places = self._places.beginning(classes, *found, codes.starts[found.owners + 1])
        ended = places.owners[places.at == codes.starts[places.owners + 1]]
        asked = np.zeros(len(codes.starts) - 1, dtype=np.bool_)
        asked[built] = True
        return np.concatenate((ended, found.owners[asked[found.owners]]))

    def _ranked(self, codes: Codes) -> Cuts:
        """Return where the third or fourth character is a rank: 云岭县 is a place by form."""
        found = []
        for place in (2, 3):
            at = codes.starts[:-1] + place
            long = np.flatnonzero(at + 1 < codes.starts[1:])
            ranked = long[self._ranks.take(codes.flat[at[long]])]
            found.append(Cuts(ranked, at[ranked] + 1))
        return joined(found)

    def _branded(self, codes: Codes, classes: Codes) -> Positions:
        """Return names that begin with a brand of an authority and go on with a place."""
        starts = np.arange(len(codes.starts) - 1), codes.starts[:-1]
        owners, at = self._brands.beginning(codes, *starts)
        return self._places.beginning(classes, owners, at, codes.starts[owners + 1]).owners

    @staticmethod
    def _long(texts: Texts, core: Core) -> Stretches:
        """Return the stretches long enough to stand near a form, of names that are none."""
        long = core.last - core.first >= _SHORTEST_NEAR
        asked = np.flatnonzero(long & ~texts.own[core.owners])
        first, last = core.first[asked], core.last[asked]
        return Stretches(core.owners[asked], first, last, texts.codes.hashes(first, last))

    def _near(
        self, codes: Codes, sounds: Codes, asked: Stretches
    ) -> Iterator[tuple[Positions, Positions]]:
        """Yield pairs (stretch, form) of which the one may be the other, spelled otherwise."""
        first, last = asked.first, asked.last
        near, word = self._edits.candidates(codes.mapped(self._glyph_classes), first, last)
        yield near, self._numbers[word]
        yield self._sounds.find(salted(sounds.hashes(first, last)))

    def _mixed(self, codes: Codes, asked: Stretches) -> Iterator[tuple[int, int]]:
        """Yield pairs (text, form) of which a stretch has the characters in another order."""
        at, forms = self._bags.find(salted(codes.bags(asked.first, asked.last)))
        kept = asked.whole[at] != self._form_hashes[forms]
        yield from zip(asked.owners[at[kept]].tolist(), forms[kept].tolist(), strict=True)


def _filed(texts: Sequence[str], numbers: Positions, hashed: Callable[[Codes], Hashes]) -> Table:
    """File numbers of texts under a hash of each, a run of them at a time."""
    found = (
        (numbers[first : first + len(starts) - 1], salted(hashed(Codes(flat, starts))))
        for first, flat, starts in flat_chunks(texts)
    )
    return Table(found, int(numbers.max(initial=-1)) + 1)


def _side_by_side(parts: Sequence[Codes]) -> Codes:
    """Return texts of several kinds as one array."""
    if len(parts) == 1:
        return parts[0]
    flat = np.concatenate([codes.flat for codes in parts])
    lengths = np.concatenate([np.diff(codes.starts) for codes in parts])
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return Codes(flat, starts)


def _bags(codes: Codes) -> Hashes:
    return codes.bags(codes.starts[:-1], codes.starts[1:])


def _sounds(codes: Codes) -> Hashes:
    return codes.mapped(sound_codes()).hashes(codes.starts[:-1], codes.starts[1:])
