"""The cheapest necessary condition of a way of measuring: what lets everything else sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from auditor.text import FoldedBlob

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

AnchorKind = Literal[
    "lexicon", "name", "identifier", "change", "repeat", "near_repeat", "field", "closed"
]


class MayCount(NamedTuple):
    """Whether a phrase may count where it stands in a folded post.

    ``one`` is asked of one text whether any of the spans may, ``many`` of many texts (a blob, for
    each phrase its text and where it begins there): of those it lets pass ``one`` is still asked.
    """

    one: Callable[[str, Iterable[tuple[int, int]]], bool]
    many: Callable[[FoldedBlob, Places, Places], Flags]


class Repeated(NamedTuple):
    """At least so many posts, of at least so many characters each, within so many hours."""

    posts: int
    characters: int
    hours: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """The cheapest necessary condition of a detector; without it the rule sleeps (house, speed).

    ``lexicon``: a phrase of ``lexicons`` stands in one of ``fields``. ``name``: the index knows the
    name. ``identifier``: an identifier of ``kinds`` stands in one of ``fields``. ``change``: one
    of ``fields`` changed. ``repeat``: the account posted the same content as often as ``repeated``
    asks; ``near_repeat``: nearly the same content.
    ``field``: the field is collected.
    ``closed``: an account of that name is recorded as closed. A missing field leaves a gap, unless
    it is one of ``optional``. In fields of ``asked`` a phrase alone wakes nobody: the step itself
    is asked of the profile. ``may_count`` is asked of a phrase in a folded post, with its span:
    where it denies, the phrase is no hit of this step.
    """

    kind: AnchorKind
    fields: tuple[str, ...]
    lexicons: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    repeated: Repeated | None = None
    optional: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    may_count: MayCount | None = None
