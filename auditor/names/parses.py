"""What the grammar of names is made of, and what it makes of a name."""

from __future__ import annotations

from typing import NamedTuple

from auditor.names.match import Difference, Doubt, Way
from auditor.names.places import Place


class Vocabulary(NamedTuple):
    """The words of which the grammar builds names, folded, by the part they play.

    ``states`` stand where a place would: words for the state and for what only an authority does.
    """

    places: list[str]
    states: list[str]
    prefixes: list[str]
    brands: list[str]
    finals: list[str]
    spelled: list[str]


class Head(NamedTuple):
    """What stands where a place would: a place, or a word for the state (``place`` is ``None``).

    ``sure`` says that the text means the place: by its rank, or because a larger place precedes.
    ``function`` says that it is the word for what nobody but an authority does (公积金),
    ``unknown`` that it has the rank of a place and is on no list (云岭县).
    """

    start: int
    end: int
    text: str
    place: Place | None
    sure: bool = False
    function: bool = False
    unknown: bool = False
    departures: tuple[Difference, ...] = ()


class Parse(NamedTuple):
    """A name read as head + tail + remainder; offsets count folded characters."""

    way: Way
    kind: str
    start: int
    end: int
    place: str
    places: int
    organ: str
    remainder: str
    doubt: Doubt
    departures: tuple[Difference, ...] = ()
