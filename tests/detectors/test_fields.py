"""Professional content of a field: precision, recall, and what never counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from auditor.detectors import Match, Missing, Subject, View
from auditor.detectors.fields import FieldShare, Topic, counted_post, uncovered
from auditor.model import Account, Dossier, Hit, Post
from auditor.rules import Compiled

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DATA = Path(__file__).parent / "data"
SHARE_RULES = (
    "title-with-field-posts",
    "title-with-finance-posts",
    "title-with-news-posts",
)
OWN = Account(platform="p", account_id="1", name="小满", bio="记录", verified="none")
LAW = "公司违法解除，劳动者可以申请劳动仲裁，主张赔偿金，举证责任在用人单位。"
DAY = "阳台的番茄结了六个"


def labelled(name: str) -> list[tuple[str, str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(label, text) for label, text in rows]


PROFESSIONAL = labelled("posts_of_a_field.tsv") + labelled("posts_of_reporting.tsv")
OTHER = labelled("posts_of_no_field.tsv")


def steps(compiled: Compiled, rule_id: str) -> list[FieldShare]:
    rule = next(rule for rule in compiled.rules if rule.id == rule_id)
    return [step for step in rule.find if isinstance(step, FieldShare)]


def topics(compiled: Compiled) -> list[tuple[Topic, tuple[str, ...]]]:
    found = [step for rule_id in SHARE_RULES for step in steps(compiled, rule_id)]
    return [(topic, step.otherwise) for step in found for topic in step.topics]


def post(text: str, number: int = 0, **fields: Any) -> Post:
    at = NOW - timedelta(days=100 - number)
    key = {"platform": "p", "account_id": "1", "post_id": f"{number:03}"}
    return Post.model_validate({**key, "text": text, "published_at": at, **fields})


def view(compiled: Compiled, posts: Sequence[Post]) -> View:
    dossier = Dossier(account=OWN, posts=tuple(posts), posts_seen=len(posts))
    return View(dossier, compiled.resources, NOW)


def counts(compiled: Compiled, text: str, topic: Topic, otherwise: tuple[str, ...]) -> bool:
    return counted_post(view(compiled, [post(text)]), 0, topic, otherwise) is not None


def answer(compiled: Compiled, posts: Sequence[Post], profession: str = "law") -> Any:
    step = steps(compiled, "title-with-field-posts")[0]
    facts = MappingProxyType({"title": "律师", "profession": profession})
    given = Match((Hit("bio", "律师", facts=facts),))
    return step.hits(view(compiled, posts), Subject("account", OWN), given)


def test_there_are_labelled_posts_enough() -> None:
    sizes = Counter(label for label, _ in PROFESSIONAL)
    assert len(PROFESSIONAL) >= 200
    assert len(OTHER) >= 100
    assert {"law", "medicine", "education", "finance"} <= {
        label for label, size in sizes.items() if size >= 40
    }
    texts = [text for _, text in PROFESSIONAL + OTHER]
    assert len(set(texts)) == len(texts)


def test_precision_and_recall_hold_on_the_labelled_posts(compiled: Compiled) -> None:
    """Floors of all fields together; half of the posts were set aside while words were added."""
    hit, missed, wrong = 0, 0, 0
    for topic, otherwise in topics(compiled):
        for profession, text in PROFESSIONAL:
            found = counts(compiled, text, topic, otherwise)
            own = profession in topic.professions
            hit, missed, wrong = (
                hit + (found and own),
                missed + (own > found),
                wrong + (found > own),
            )
        wrong += sum(counts(compiled, text, topic, otherwise) for _, text in OTHER)
    assert hit / (hit + wrong) >= 0.95
    assert hit / (hit + missed) >= 0.85


@pytest.mark.parametrize("profession", sorted({label for label, _ in PROFESSIONAL}))
def test_each_profession_is_found_in_most_of_its_posts(compiled: Compiled, profession: str) -> None:
    topic, otherwise = next(
        (topic, words) for topic, words in topics(compiled) if profession in topic.professions
    )
    own = [text for label, text in PROFESSIONAL if label == profession]
    found = sum(counts(compiled, text, topic, otherwise) for text in own)
    assert found / len(own) >= 0.75


@pytest.mark.parametrize("kind", ["patient", "lawsuit", "parent", "student", "saver", "news"])
def test_own_stories_and_news_do_not_count(compiled: Compiled, kind: str) -> None:
    own = [text for label, text in OTHER if label == kind]
    counted = [
        text
        for text in own
        if any(counts(compiled, text, topic, words) for topic, words in topics(compiled))
    ]
    assert len(counted) <= 1


def test_posts_in_popular_words_are_told_apart(compiled: Compiled) -> None:
    """Of posts in everyday words most are found; five of thirty are asked for."""
    hit, missed, wrong = Counter[str](), Counter[str](), 0
    for label, text in labelled("posts_in_popular_words.tsv"):
        found = [t for t, words in topics(compiled) if counts(compiled, text, t, words)]
        if label == "other":
            wrong += bool(found)
        elif any(label in topic.professions for topic in found):
            hit[label] += 1
        else:
            missed[label] += 1
    assert hit.total() / (hit.total() + wrong) >= 0.9
    assert hit.total() / (hit.total() + missed.total()) >= 0.6
    assert min(hit[label] / (hit[label] + missed[label]) for label in {*hit, *missed}) >= 0.25


def test_five_of_ten_posts_are_enough_and_four_are_not(compiled: Compiled) -> None:
    five = [post(LAW, number) for number in range(5)]
    rest = [post(DAY, number) for number in range(5, 11)]
    (hit,) = answer(compiled, five + rest[:5])
    assert (hit.facts["k"], hit.facts["n"], hit.facts["topic"]) == ("5", "10", "法律")
    assert hit.facts["topic_en"] == "the law"
    assert hit.sample_n == 10
    assert answer(compiled, five[:4] + rest) == []


def test_fewer_posts_than_the_least_sample_are_not_evaluated(compiled: Compiled) -> None:
    assert answer(compiled, [post(LAW, number) for number in range(9)]) == Missing("posts")
    assert answer(compiled, []) == Missing("posts")


def test_only_the_last_thirty_posts_are_counted(compiled: Compiled) -> None:
    old = [post(LAW, number) for number in range(5)]
    late = [post(DAY, number) for number in range(5, 35)]
    assert answer(compiled, old + late) == []
    (hit,) = answer(compiled, late + [post(LAW, number) for number in range(50, 55)])
    assert (hit.facts["k"], hit.facts["n"], hit.post) == ("5", "30", 34)


@pytest.mark.parametrize(
    "fields",
    [
        {"repost_of": {"platform": "p", "account_id": "2", "post_id": "1"}},
        {"state": "deleted"},
        {"kind": "live"},
        {"kind": "comment"},
        {"labels": ["fiction"]},
    ],
)
def test_what_is_not_the_author_s_published_text_never_counts(
    compiled: Compiled, fields: dict[str, Any]
) -> None:
    assert answer(compiled, [post(LAW, number, **fields) for number in range(12)]) == []
    assert answer(compiled, [post(LAW, number) for number in range(12)])


@pytest.mark.parametrize("text", [f"转：{LAW}", f"“{LAW}”", f"说得对//@张三：{LAW}"])
def test_quoted_and_reposted_words_are_not_the_author_s(compiled: Compiled, text: str) -> None:
    assert answer(compiled, [post(text, number) for number in range(12)]) == []


def test_a_title_of_a_post_counts_as_its_text_does(compiled: Compiled) -> None:
    posts = [post(DAY, number, title=LAW) for number in range(10)]
    (hit,) = answer(compiled, posts)
    assert hit.field == "title"
    assert LAW[hit.span[0] : hit.span[1]] == hit.quote


@pytest.mark.parametrize("profession", ["", "finance", "journalism", "medicine"])
def test_posts_on_another_field_than_the_title_s_give_nothing(
    compiled: Compiled, profession: str
) -> None:
    assert answer(compiled, [post(LAW, number) for number in range(12)], profession) == []


def test_one_word_again_and_again_is_one_word(compiled: Compiled) -> None:
    assert answer(compiled, [post("诉讼时效" * 9, number) for number in range(12)]) == []


def test_a_word_inside_a_longer_one_is_not_counted_twice(compiled: Compiled) -> None:
    scanned = view(compiled, [post(DAY)]).scanned("上诉状和第二份上诉状")
    spans = scanned.spans(frozenset({"field-law", "field-law-weak"}))
    assert [span.phrase for span in uncovered(spans)] == ["上诉状", "上诉状"]
