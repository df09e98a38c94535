"""Imitations: what each technique makes, what is never made, and how many the index finds."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import UsageError
from auditor.names import NameIndex
from auditor.names.imitations.recall import Recall, recall, sample
from auditor.names.spoof import (
    TECHNIQUES,
    Imitation,
    Spoofer,
    Technique,
    check_name,
    leads_to,
    techniques_of,
)
from auditor.references import SHIPPED, load_references
from auditor.text import fold_name, inserted_signs, latin_forms, split_forms

REFERENCES = load_references([SHIPPED])
INDEX = NameIndex.build(REFERENCES)
SPOOFER = Spoofer(REFERENCES, INDEX)

FLOOR = 0.95
"""Share of the variants that is found, and named rightly, of every technique (issue 3)."""


def variants(name: str, technique: Technique, limit: int = 200) -> list[str]:
    return [one.name for one in SPOOFER.imitations(name, (technique,), limit)]


@pytest.mark.parametrize(
    ("technique", "name", "expected"),
    [
        ("full_width", "新闻1加1", ["新闻１加１", "新闻１加1", "新闻1加１"]),
        ("full_width", "人民日报", ["人民日报ＴＶ", "人民日报ＡＰＰ"]),
        ("full_width", "CGTN", ["ＣＧＴＮ", "ＣGTN"]),
        ("traditional", "央视新闻", ["央視新聞", "央視新闻", "央视新聞"]),
        ("traditional", "国家铁路局", ["國家鐵路局", "国家鐵路局"]),
        ("variant", "人民日报", ["⼈民日报", "人⺠日报"]),
        ("variant", "国务院", ["囯务院"]),
        ("variant", "CGTN", ["𝐂𝐆𝐓𝐍"]),
        ("glyph", "人民日报", ["人民曰报", "入民日报"]),
        ("glyph", "北京市公安局", ["北京巿公安局"]),
        ("homophone", "人民日报", ["人民日暴", "仁民日报"]),
        (
            "inserted",
            "人民日报",
            ["人民\u200b日报", "人·民·日·报", "人丨民丨日丨报", "人 民 日 报"],
        ),
        ("doubled", "人民日报", ["人民日日报", "人人民日报"]),
        ("reordered", "人民日报", ["人日民报"]),
        ("reordered", "国家市场监督管理总局", ["国家监督管理市场总局"]),
        ("dropped", "国家安全部", ["国家安全"]),
        ("dropped", "北京市公安局", ["北京公安局"]),
        ("dropped", "国家税务总局", ["国家税务局"]),
        ("split", "人民日报", ["人民日扌及"]),
        ("split", "新华社", ["亲斤华社", "新华礻土"]),
        ("affix", "人民日报", ["人民日报官方", "人民日报发布", "人民日报公众号", "人民日报TB"]),
        ("prefix", "人民日报", ["官方人民日报"]),
        ("masked", "人民日报", ["人*日报", "人民＊报"]),
        ("latin", "人民日报", ["ren民日报", "人民R报", "人民8报"]),
        ("latin", "工人日报", ["I人日报"]),
        ("latin", "第一财经", ["第1财经"]),
    ],
)
def test_a_technique_makes_what_is_seen_in_the_wild(
    technique: Technique, name: str, expected: list[str]
) -> None:
    made = variants(name, technique)
    assert [one for one in expected if one not in made] == []


@pytest.mark.parametrize(
    ("technique", "name", "first"),
    [
        ("glyph", "人民日报", "人民曰报"),
        ("variant", "人民日报", "⼈⺠⺜报"),
        ("traditional", "央视新闻", "央視新聞"),
        ("homophone", "人民日报", "仁民日报"),
        ("affix", "人民日报", "人民日报官方"),
        ("dropped", "国家安全部", "国家安全"),
        ("masked", "国务院", "国*院"),
    ],
)
def test_the_most_deceptive_comes_first(technique: Technique, name: str, first: str) -> None:
    assert variants(name, technique)[0] == first


def test_look_alikes_come_in_the_order_of_their_likeness() -> None:
    likeness = {(p.found, p.expected): p.similarity for p in REFERENCES.look_alikes}
    name = "人民日报"
    scores = [
        likeness[one]
        for variant in variants(name, "glyph")
        for one in zip(variant, name, strict=True)
        if one[0] != one[1]
    ]
    assert scores == sorted(scores, reverse=True)


def test_long_names_come_with_two_look_alikes_at_once() -> None:
    name = "国家市场监督管理总局"
    differing = {
        sum(a != b for a, b in zip(variant, name, strict=True))
        for variant in variants(name, "glyph")
    }
    assert differing == {1, 2}
    short = variants("人民日报", "glyph")
    assert {sum(a != b for a, b in zip(one, "人民日报", strict=True)) for one in short} == {1}


@pytest.mark.parametrize(
    ("name", "neighbour"),
    [
        ("河南日报", "海南日报"),
        ("海南日报", "河南日报"),
        ("山西晚报", "陕西晚报"),
        ("人民日报", "农民日报"),
        ("中国日报", "中国青年报"),
        ("山西省水利厅", "陕西省水利厅"),
        ("新乡县公安局", "新县公安局"),
    ],
)
def test_a_real_neighbour_is_never_made(name: str, neighbour: str) -> None:
    made = {one.name for one in SPOOFER.imitations(name, limit=10_000)}
    assert neighbour not in made


def test_no_variant_is_the_name_another_reference_or_made_twice() -> None:
    for name in sample(REFERENCES.organisations, 60):
        made = [one.name for one in SPOOFER.imitations(name)]
        assert len(made) == len(set(made))
        assert name not in made
        own = INDEX.own(name)
        assert all(INDEX.own(one) in ((), own) for one in made)


def test_the_reference_is_the_entry_or_the_name_itself() -> None:
    assert {one.reference for one in SPOOFER.imitations("央视", limit=1)} == {
        INDEX.own("央视")[0].name
    }
    assert {one.reference for one in SPOOFER.imitations("云泽水务", limit=1)} == {"云泽水务"}


def test_techniques_and_limit_narrow_the_listing() -> None:
    whole = list(SPOOFER.imitations("人民日报", limit=3))
    assert max(map([one.technique for one in whole].count, TECHNIQUES)) == 3
    assert [one.technique for one in whole] == sorted(
        (one.technique for one in whole), key=TECHNIQUES.index
    )
    chosen = list(SPOOFER.imitations("人民日报", ("latin", "glyph"), limit=1))
    assert chosen == [
        Imitation("glyph", "人民曰报", "人民日报"),
        next(one for one in whole if one.technique == "latin"),
    ]


@pytest.mark.parametrize(
    "name", ["", " ", "人", "。、！", "\u200b\u200c", "人" * 201, "\udcff人民"]
)
def test_a_name_that_cannot_be_imitated_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="the name"):
        check_name(name)
    with pytest.raises(UsageError):
        list(SPOOFER.imitations(name))


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_name_gives_the_same_list_twice_or_is_refused(name: str) -> None:
    try:
        check_name(name)
    except UsageError:
        return
    first = list(SPOOFER.imitations(name, limit=5))
    assert first == list(SPOOFER.imitations(name, limit=5))
    for one in first:
        assert one.name != name
        assert len(one.name) <= 200


def test_the_longest_name_is_done_without_delay() -> None:
    assert list(SPOOFER.imitations("人民日报" * 50, limit=2))


def test_the_tables_hold_what_folding_leaves_alone() -> None:
    for form in split_forms():
        assert fold_name(form.parts).text == form.parts
        assert fold_name(form.whole).text == form.whole
        assert len(form.parts) == 2
    assert len({form.parts for form in split_forms()}) == len(split_forms())
    for latin in latin_forms():
        assert latin.kind in ("stroke", "numeral")
        assert fold_name(latin.found).text == latin.found.lower()
        assert fold_name(latin.expected).text == latin.expected
    kinds = {sign.kind for sign in inserted_signs()}
    assert kinds == {"invisible", "point", "space", "stroke", "letter", "digit", "mark", "mask"}


def test_the_split_characters_occur_in_references_or_places() -> None:
    met = {c for one in REFERENCES.organisations for c in one.name + "".join(one.short_names)}
    met |= {c for one in REFERENCES.divisions for c in one.name}
    met |= {c for one in REFERENCES.organ_words for c in one.word}
    assert len({form.whole for form in split_forms() if form.whole in met}) >= 60


def test_the_sample_has_every_kind_and_length() -> None:
    names = sample(REFERENCES.organisations, 60)
    assert 50 <= len(names) <= 70
    kinds = {one.kind for name in names for one in INDEX.own(name)}
    assert kinds == {one.kind for one in REFERENCES.organisations}
    assert min(map(len, names)) == 3
    assert max(map(len, names)) >= 12


@cache
def counted() -> dict[Technique, Recall]:
    return recall(SPOOFER, INDEX, sample(REFERENCES.organisations, 60), limit=20)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_index_finds_the_imitations(technique: Technique) -> None:
    count = counted()[technique]
    assert count.variants
    assert count.found_ratio >= FLOOR, count.missed[:10]


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_index_names_the_technique(technique: Technique) -> None:
    count = counted()[technique]
    assert count.named_ratio >= FLOOR, count.misnamed[:10]


@pytest.mark.parametrize(
    ("name", "techniques"),
    [
        ("人民曰报", ("glyph",)),
        ("央視新聞", ("traditional",)),
        ("人民曰報", ("traditional", "glyph")),
        ("人民日报官方", ("affix",)),
        ("人民日报", ()),
    ],
)
def test_the_techniques_of_a_match_are_read_from_its_steps(
    name: str, techniques: tuple[Technique, ...]
) -> None:
    assert techniques_of(INDEX.matches(name)[0]) == techniques


def test_a_neighbours_match_does_not_lead_to_the_name() -> None:
    own = INDEX.own("河南日报")
    (match,) = INDEX.matches("海南日报")
    assert not leads_to(match, "河南日报", own)
