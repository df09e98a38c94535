"""Texts that match thousands of times: the quick ways answer as the plain ways would."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.detectors import Match, Subject, View
from auditor.detectors.commerce import offer_of
from auditor.detectors.personal import IdentifierBundle, Kind
from auditor.detectors.phrases import Phrases, near
from auditor.detectors.scanned import MOST_READ, PhraseSpan
from auditor.model import Account, Dossier, Hit, Post
from auditor.rules import Compiled
from auditor.rules.examples import NOW
from auditor.text import Identifier

KINDS: tuple[Kind, ...] = ("mobile", "address", "plate", "person")
BUNDLE = IdentifierBundle(
    use="identifier_bundle", kinds=KINDS, required=("address", "plate"), within=60
)
places = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 12)), max_size=40)


@given(drawn=st.lists(st.tuples(st.integers(0, 300), st.sampled_from(KINDS)), max_size=30))
def test_the_bundle_has_as_many_kinds_as_the_best_of_all_groups(
    drawn: list[tuple[int, str]],
) -> None:
    items = [Identifier(kind, start, start + 8, "") for start, kind in drawn]
    found = BUNDLE._bundle(items)
    best = 0
    for first in items:
        group = {i.kind for i in items if i.start >= first.start and i.end - first.start <= 60}
        if len(group) >= 3 and group & {"address", "plate"}:
            best = max(best, len(group))
    assert len({item.kind for item in found}) == best
    if found:
        assert max(item.end for item in found) - min(item.start for item in found) <= 60


@given(drawn=places, start=st.integers(0, 400), length=st.integers(1, 20), reach=st.integers(1, 90))
def test_phrases_near_the_match_are_all_of_those_within_reach(
    drawn: list[tuple[int, int]], start: int, length: int, reach: int
) -> None:
    spans = [PhraseSpan("p", ("l",), at, at + size) for at, size in sorted(drawn)]
    hit = Hit("text", "q", (start, start + length), facts=MappingProxyType({}))
    plain = [
        span for span in spans if span.start < start + length + reach and span.end > start - reach
    ]
    assert list(near(spans, "text", Match((hit,)), reach)) == plain


@pytest.mark.parametrize(("denied", "told"), [(MOST_READ - 1, 1), (MOST_READ, 0)])
def test_of_phrases_that_must_be_the_authors_own_the_first_thousand_are_read(
    denied: int, told: int, compiled: Compiled
) -> None:
    """A post of 200,000 characters, all of them promises, was read for half a minute."""
    step = Phrases(use="phrases", words=("@assured-cure",), fields=("text",), own_words=True)
    account = Account(platform="p", account_id="1")
    post = Post(
        platform="p", account_id="1", post_id="1", text="“彻底根治”。" * denied + "三天彻底根治。"
    )
    view = View(Dossier(account=account, posts=(post,)), compiled.resources, NOW)
    found = step.hits(view, Subject("post", account, post=post, post_index=0), Match())
    assert isinstance(found, list)
    assert len(found) == told
    text = "“下单链接”。" * denied + "下单链接在此"
    offered = post.model_copy(update={"text": text, "commerce": ()})
    assert bool(offer_of(view, offered, (), ("@offer-goods",))) == bool(told)
