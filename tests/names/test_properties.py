"""What holds of every reference name, and of any text at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Reference
from auditor.names import TIERS, NameIndex
from auditor.references import SHIPPED, References, load_references

REFERENCES = load_references([SHIPPED])
INDEX = NameIndex.build(REFERENCES)
LOOKS: dict[str, list[str]] = {}
for _pair in REFERENCES.look_alikes:
    LOOKS.setdefault(_pair.expected, []).append(_pair.found)
LONG = [one for one in REFERENCES.organisations if len(one.name) >= 4]


def test_every_reference_is_its_own_and_gives_no_other(references: References) -> None:
    forms = [
        (one, form) for one in references.organisations for form in (one.name, *one.short_names)
    ]
    answers = INDEX.matches_batch([form for _, form in forms])
    for (one, form), matches in zip(forms, answers, strict=True):
        assert one in INDEX.own(form)
        assert matches[0].tier == "X" or form != matches[0].value
        assert {match.tier for match in matches} <= {"X", "A"}


@given(st.sampled_from(LONG), st.data())
@settings(max_examples=400, deadline=None)
def test_one_look_alike_character_still_leads_to_the_body(
    reference: Reference, data: st.DataObject
) -> None:
    places = [i for i, c in enumerate(reference.name) if LOOKS.get(c)]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    found = data.draw(st.sampled_from(LOOKS[reference.name[place]]))
    name = reference.name[:place] + found + reference.name[place + 1 :]
    matches = INDEX.matches(name)
    # The substitution may spell another body of the list, or a body of another place.
    assert (
        INDEX.own(name)
        or reference.name in {m.reference.name for m in matches if m.reference}
        or {match.tier for match in matches} == {"D"}
    )


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_the_same_answer_twice_and_in_order(text: str) -> None:
    first = INDEX.matches(text)
    assert first == INDEX.matches(text)
    for match in first:
        assert match.tier in TIERS
        assert 0 <= match.span[0] <= match.span[1] <= len(text)


@given(st.text(alphabet=sorted(LOOKS), min_size=1, max_size=12))
@settings(max_examples=300, deadline=None)
def test_names_made_of_protected_characters_do_no_harm(text: str) -> None:
    for match in INDEX.matches(text):
        assert match.value


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_lists_does_not_matter(references: References, order: int) -> None:
    turned = replace(
        references,
        organisations=references.organisations[::order],
        organ_words=references.organ_words[::order],
        affixes=references.affixes[::order],
        look_alikes=references.look_alikes[::order],
    )
    other = NameIndex.build(turned)
    for name in ("人民曰报", "日照文旅推荐官", "上海午报", "包头办事宝", "中科院物理所", "国安局"):
        assert other.matches(name) == INDEX.matches(name)


NAMES = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=sorted(LOOKS), max_size=8),
    st.sampled_from([form for one in LONG for form in (one.name, f"官方{one.name}TB")]),
    st.builds(
        lambda one, at, sign: one.name[:at] + sign + one.name[at:],
        st.sampled_from(LONG),
        st.integers(0, 6),
        st.sampled_from("丨xri*言己口0日日"),
    ),
)


@given(st.lists(NAMES, max_size=40))
@settings(max_examples=150, deadline=None)
def test_a_batch_answers_as_each_name_alone_does(names: list[str]) -> None:
    together = INDEX.matches_batch(names)
    # A fresh question is screened alone: the last batch's answers are kept until the next one.
    INDEX.matches_batch([])
    alone = []
    for name in names:
        alone.append(INDEX.matches(name))
        INDEX.matches_batch([])
    assert together == alone
