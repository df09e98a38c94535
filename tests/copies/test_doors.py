"""Near-copies within one account are found through both doors alike, whatever else is there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.rules import Compiled
from tests.runs.test_two_doors import assert_doors_agree, write_dataset

TEXT = (
    "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有米白浅灰和焦糖三种，"
    "尺码偏小半码，拿不准的姐妹可以先看置顶的尺码表再下单，错过今晚要等下个月"
)
NEAR = [TEXT.replace("八", hour) for hour in "五六七八九"]
FAR = [TEXT[: 30 + 6 * n] + "换了一句别的话" * n for n in range(1, 6)]
PROFILE = {"name": "小棉拖的杂货铺", "verified": "none"}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    drawn=st.lists(
        st.lists(st.sampled_from([*NEAR, *FAR, "今天种了葱", "哈" * 90]), max_size=14),
        min_size=1,
        max_size=4,
    )
)
def test_both_doors_agree_on_near_copies(compiled: Compiled, drawn: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        write_dataset(Path(name), [(PROFILE, texts, None) for texts in drawn])
        assert_doors_agree(compiled, Path(name))


def test_the_batch_door_finds_near_copies(compiled: Compiled, tmp_path: Path) -> None:
    write_dataset(tmp_path, [(PROFILE, NEAR, None), (PROFILE, NEAR[:4], None)])
    assert assert_doors_agree(compiled, tmp_path) == ["near-text-repeated"]


def test_long_laughter_is_no_copy(compiled: Compiled, tmp_path: Path) -> None:
    laughter = ["哈" * n for n in range(60, 70)]
    write_dataset(tmp_path, [(PROFILE, laughter, None)])
    assert assert_doors_agree(compiled, tmp_path) == []
