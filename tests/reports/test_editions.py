from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.model import AccountRow, ClusterRow, Finding
from auditor.reports import TRIAGE, Edition, report_key, starred

KEY = b"a key of 16 bytes"
SHAREABLE = Edition("shareable", KEY)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("瑶小姑", "瑶*姑"), ("温州巡查", "温**查"), ("王五", "王*"), ("王", "*"), ("", "")],
)
def test_the_inner_characters_of_a_name_are_starred(name: str, expected: str) -> None:
    assert starred(name) == expected


def test_triage_shows_names_and_ids_in_clear(finding: Callable[..., Finding]) -> None:
    assert TRIAGE.finding(finding()) == finding()


@pytest.mark.parametrize("verified", ["none", "person", "unknown", None])
def test_a_private_account_is_nowhere_named(
    finding: Callable[..., Finding], verified: str | None
) -> None:
    row = finding(
        verified=verified,
        verified_label="知名博主李小满" if verified == "person" else None,
        fact_zh="名称“云岭曰报”与“云岭日报”不同；认证标识为“知名博主李小满”。",
        counter_evidence=("简介写有“云岭曰报读者”。",),
        post_id="weibo:6630215874:p1",
        post_url="https://weibo.example/6630215874/p1",
        reviewer="reviewer-7",
    )
    text = SHAREABLE.finding(row).model_dump_json()
    for hidden in ("云岭曰报", "6630215874", "weibo.example", "李小满", "reviewer-7", "“曰”"):
        assert hidden not in text
    assert "云**报" in text
    assert SHAREABLE.finding(row).reference_value == "云岭日报"


@pytest.mark.parametrize("verified", ["organisation", "media", "government"])
def test_an_account_that_shows_the_mark_of_a_body_stays_in_clear(
    finding: Callable[..., Finding], account: Callable[..., AccountRow], verified: str
) -> None:
    row = finding(verified=verified)
    assert SHAREABLE.finding(row) == row
    assert SHAREABLE.account(account(verified=verified)) == account(verified=verified)


@pytest.mark.parametrize("verified", ["none", "media", None])
def test_a_quotation_with_the_data_of_another_person_is_not_passed_on(
    finding: Callable[..., Finding], verified: str | None
) -> None:
    row = finding(
        verified=verified,
        field="text",
        quote="她叫邵雨蓉，电话199******65，孩子在那边上学。",
        pii_kinds=("mobile", "person"),
    )
    assert "邵雨蓉" in TRIAGE.finding(row).quote
    shown = SHAREABLE.finding(row)
    assert "邵雨蓉" not in shown.model_dump_json()
    assert shown.span_start is None


def test_an_account_row_hides_name_id_and_address(account: Callable[..., AccountRow]) -> None:
    row = SHAREABLE.account(account())
    assert row.account_name == "云**报"
    assert row.account_url is None
    assert "云岭曰报" not in row.model_dump_json()
    assert row.account_id == SHAREABLE.account_id("weibo:6630215874", "weibo")


def test_ids_of_other_accounts_in_a_fact_are_replaced_unless_public(
    finding: Callable[..., Finding],
) -> None:
    row = finding(verified="media", fact_zh="最早为weibo:7001，其后为weibo:7002。")
    shown = Edition("shareable", KEY, frozenset({"weibo:7002"})).finding(row).fact_zh
    assert "weibo:7001" not in shown
    assert "weibo:7002" in shown


def test_a_value_made_from_the_name_itself_is_hidden_with_it(
    finding: Callable[..., Finding],
) -> None:
    row = finding(
        account_name="青屿市教育局", reference_value="青屿市教育局", reference_source=None
    )
    assert SHAREABLE.finding(row).reference_value == "青****局"


def test_a_name_of_two_characters_is_hidden_only_where_it_is_quoted(
    finding: Callable[..., Finding],
) -> None:
    row = finding(
        account_name="云岭", field="bio", fact_zh="账号“云岭”位于云岭省。", quote="@云岭 早"
    )
    shown = SHAREABLE.finding(row)
    assert shown.fact_zh == "账号“云*”位于云岭省。"
    assert shown.quote == "@* 早"


def test_tokens_join_tables_and_depend_on_the_key(
    finding: Callable[..., Finding], cluster: ClusterRow
) -> None:
    shown = SHAREABLE.finding(finding(post_id="weibo:6630215874:p1"))
    member = SHAREABLE.cluster(cluster)
    assert (shown.account_id, shown.post_id) == (member.account_id, member.post_id)
    platform, _, token = shown.account_id.partition(":")
    assert platform == "weibo"
    assert len(token) == 16
    assert int(token, 16) >= 0
    other = Edition("shareable", b"another key, long enough")
    assert other.finding(finding()).account_id != shown.account_id


def test_a_public_member_of_a_group_stays_in_clear(cluster: ClusterRow) -> None:
    edition = Edition("shareable", KEY, frozenset({cluster.account_id}))
    assert edition.cluster(cluster) == cluster


def test_masking_comes_before_starring(finding: Callable[..., Finding]) -> None:
    said = "加微信13812345678领资料"
    shown = SHAREABLE.finding(
        finding(account_name=said, quote=said, fact_zh=f"名称“{said}”含号码。")
    )
    assert "1381" not in shown.model_dump_json()
    assert "领资" not in shown.model_dump_json()


def test_the_key_never_shows(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(KEY + b"\n")
    assert report_key(path) == KEY
    assert report_key(text=KEY.decode()) == KEY
    assert "16 bytes" not in repr(SHAREABLE)


@pytest.mark.parametrize("text", [None, "", "short"])
def test_without_a_key_there_is_no_shareable_edition(text: str | None) -> None:
    with pytest.raises(UsageError, match="secret key"):
        report_key(text=text)
    with pytest.raises(UsageError, match="secret key"):
        Edition("shareable", (text or "").encode())


def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        report_key(tmp_path / "absent")
    assert caught.value.where == str(tmp_path / "absent")
