"""A documented false accusation: one doctor, two accounts, and the mark on one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from auditor.rules import Judgement

Judge = Callable[..., Judgement]
FIRST: dict[str, Any] = {
    "name": "柳岸医生",
    "bio": "榕溪市第一人民医院心内科主任医师",
    "verified": "person",
    "verified_label": "榕溪市第一人民医院心内科主任医师",
}
SECOND: dict[str, Any] = {"name": "柳岸医生的小号", "bio": "心内科主任医师", "verified": "none"}


def test_the_account_with_the_mark_has_no_row(judge: Judge) -> None:
    assert not judge(**FIRST).findings


def test_the_second_account_is_asked_about_and_never_judged(judge: Judge) -> None:
    (finding,) = judge(**SECOND).findings
    assert finding.strength == "weak"
    assert "核验" in finding.question_zh
    assert "柳岸" not in finding.fact_zh.replace("柳岸医生的小号", "")
    assert any("另有账号" in note for note in finding.counter_evidence)
    for word in ("假", "冒", "无资质", "不具备", "没有资格"):
        assert word not in finding.fact_zh + finding.question_zh


def test_without_a_look_at_the_mark_there_is_no_row_at_all(judge: Judge) -> None:
    assert not judge(**{**SECOND, "verified": None}).findings


@pytest.mark.parametrize("label", ["榕溪市第一人民医院", "心内科医师", "榕溪市第一人民医院 柳岸"])
def test_a_mark_on_the_second_account_clears_it(judge: Judge, label: str) -> None:
    assert not judge(**{**SECOND, "verified": "person", "verified_label": label}).findings
