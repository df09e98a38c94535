"""Bars as inline SVG: a few rectangles, drawn beside words that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar: what it is called, how many, and its style class."""

    label: str
    count: int
    style: str


def bar(count: int, largest: int) -> Markup:
    """Return a bar as long as ``count`` is beside ``largest``; nothing for zero.

    The number stands in the same table row, so the picture is hidden from screen readers.
    """
    if count <= 0 or largest <= 0:
        return Markup()
    # At least 4 of 1000, or one finding beside ten thousand could not be seen.
    width = max(4, round(_WIDTH * count / largest))
    return Markup(
        '<svg class="bar" viewBox="0 0 {} 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="{}" height="10"/>'
        '<rect class="fill" width="{}" height="10"/></svg>'
    ).format(_WIDTH, _WIDTH, width)


def stacked(parts: Sequence[Part], title: str) -> Markup:
    """Return one bar cut into parts; its title reads the numbers out."""
    total = sum(part.count for part in parts)
    shown = [part for part in parts if part.count]
    spoken = "; ".join(f"{part.label} {part.count}" for part in shown)
    head = Markup(
        '<svg class="stack" viewBox="0 0 {} 40" preserveAspectRatio="none"'
        ' role="img" aria-label="{}">'
    ).format(_WIDTH, f"{title}: {spoken}")
    rectangles: list[Markup] = []
    left = 0.0
    for part in shown:
        width = _WIDTH * part.count / total
        rectangles.append(
            Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="40"/>').format(
                part.style, left, max(width - 2, 1)
            )
        )
        left += width
    return head + Markup().join(rectangles) + Markup("</svg>")
