"""Where inside a finding's quote the matched words stand."""

from __future__ import annotations

from typing import NamedTuple

from auditor.model import Finding

CONTEXT = 40
"""Characters that a quote shows on each side of the match (contracts, review.csv)."""

ELLIPSIS = "…"


class Quote(NamedTuple):
    """A quote in three pieces; ``match`` is empty where the place is not certain."""

    before: str
    match: str
    after: str


def located(finding: Finding) -> Quote:
    """Cut a finding's quote at its matched words.

    The span counts from the start of the whole field, the quote begins 40 characters before the
    match, or is the whole of a name. Masking may have changed its length; where the characters
    that follow the match are more than can be there, nothing is highlighted, rather than the
    wrong words.
    """
    quote, start, end = finding.quote, finding.span_start, finding.span_end
    nowhere = Quote(quote, "", "")
    if start is None or end is None or not 0 <= start < end:
        return nowhere
    length = end - start
    if length == len(quote):
        return Quote("", quote, "")
    left = _left(quote, start)
    right = len(quote) - left - length
    # The left-over of a name is not cut, that of a longer text ends after 40 characters.
    whole = not quote.endswith(ELLIPSIS) and right <= CONTEXT
    cut = quote.endswith(ELLIPSIS) and 0 < right <= CONTEXT + 1
    if finding.field == "name":
        whole = right >= 0
    if right < 0 or not (whole or cut) or _splits_mask(quote, left, left + length):
        return nowhere
    return Quote(quote[:left], quote[left : left + length], quote[left + length :])


def _splits_mask(quote: str, *cuts: int) -> bool:
    """Tell whether a cut falls between two asterisks: then masking has moved the text."""
    return any(quote[cut - 1 : cut + 1] == "**" for cut in cuts if cut)


def _left(quote: str, start: int) -> int:
    if quote.startswith(ELLIPSIS) and start > CONTEXT:
        return CONTEXT + 1
    return start
