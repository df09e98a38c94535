from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from auditor.model import AccountRow, Finding, Run
from auditor.reports import Edition, ReportInput, render_report, write_report_html
from auditor.reports.html.wording import LANGUAGES, Language

Reports = Callable[..., ReportInput]
VOID = {"meta", "br", "rect", "img", "input", "link", "hr"}
LOADING = {"src", "srcset", "poster", "data", "background", "action", "formaction", "ping"}


class Outline(HTMLParser):
    """Checks nesting and gathers what the tests look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_and_accessible(report: Reports, language: Language) -> None:
    outline = Outline(render_report(report(language=language)))
    tags = [tag for tag, _ in outline.tags]
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(outline.headings))
    assert all("scope" in attributes for tag, attributes in outline.tags if tag == "th")
    assert {"main", "nav", "header", "footer"} <= set(tags)
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {
        (a["href"] or "")[1:] for t, a in outline.tags if t == "a" and (a["href"] or "")[0] == "#"
    }
    assert targets <= set(ids)
    labels = {a["aria-labelledby"] for _, a in outline.tags if "aria-labelledby" in a}
    assert labels <= set(ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_nothing_and_runs_nothing(report: Reports, language: Language) -> None:
    text = render_report(report(language=language))
    outline = Outline(text)
    assert {"script", "iframe", "object", "embed", "link", "img", "form"}.isdisjoint(
        tag for tag, _ in outline.tags
    )
    for _, attributes in outline.tags:
        assert LOADING.isdisjoint(attributes)
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}{% raw %}",
        "\u202e<b>txt.exe",
        "长" * 10_000,
    ],
)
def test_a_hostile_name_stays_text(
    report: Reports,
    finding: Callable[..., Finding],
    account: Callable[..., AccountRow],
    name: str,
) -> None:
    row = finding(
        account_name=name, quote=name, fact_zh=name, steps=f"equal:{name}", verified_label=name,
        verified="person", reference_value=name, counter_evidence=(name,),
        account_url="javascript:alert(1)", post_url="https://ok.example/\"onclick=alert(1)",
        not_evaluated=(f"r:{name[:50]}",),
    )  # fmt: skip
    text = render_report(report(findings=[row], accounts=[account(account_name=name)]))
    outline = Outline(text)
    assert "img" not in {tag for tag, _ in outline.tags}
    assert "script" not in {tag for tag, _ in outline.tags}
    assert not any(key.startswith("on") for _, attributes in outline.tags for key in attributes)
    assert "javascript:" not in text
    assert "\u202e" not in text
    assert "长" * 2000 not in text


def test_what_an_overlay_brings_is_escaped_too(
    report: Reports, finding: Callable[..., Finding]
) -> None:
    text = '<i>&"'
    row = finding(rule_id=text, citation_zh=text, doc_title=text, guards_checked=(text,))
    assert "<i>" not in render_report(report(findings=[row]))


def test_what_speaks_against_a_row_is_shown_as_large_as_the_fact(
    report: Reports, finding: Callable[..., Finding]
) -> None:
    row = finding(
        counter_evidence=("简介写有“读者自发整理”。",),
        not_evaluated=("name-look-alike:verified",),
        verified=None,
    )
    text = render_report(report(findings=[row]))
    assert "简介写有“读者自发整理”。" in text
    assert "认证未采集（name-look-alike）" in text
    assert "认证信息未采集" in text
    sizes = dict(
        re.findall(r"^\.(fact|weigh|question) \{[^}]*?font-size: ([\d.]+)rem", text, re.MULTILINE)
    )
    assert sizes == {"fact": "1.05", "weigh": "1.05", "question": "1.05"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("7分，只用于排列同档的记录", "名称档 D", "简介自称官方 6", "粉丝数：未采集")),
        ("en", ("7 points", "name tier D", "bio claims to be official 6", "own_part 1")),
    ],
)
def test_a_card_says_what_its_place_rests_on(
    report: Reports, finding: Callable[..., Finding], language: Language, words: tuple[str, ...]
) -> None:
    reasons = ("official_claim:6", "own_part:1", "followers:not_collected")
    row = finding(name_tier="D", rank_points=7, rank_reasons=reasons)
    text = render_report(report(findings=[row], language=language))
    for said in words:
        assert said in text
    assert "name tier" not in render_report(report(findings=[finding()], language="en"))


@pytest.mark.parametrize(
    ("status", "quoted"),
    [("seen", True), ("seen_fragment", True), ("back_translation", False), ("recalled", False),
     ("none", False)],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_back_translation_is_never_printed_as_a_quotation(
    report: Reports,
    finding: Callable[..., Finding],
    status: str,
    language: Language,
    quoted: bool,
) -> None:
    row = finding(citation_zh="某句中文", citation_status=status, item_ids=("X-1",))
    text = render_report(report(findings=[row], language=language))
    card = text[text.index('<article class="card"') : text.index("</article>")]
    assert ("某句中文" in card) == quoted
    gist = "意译，未引原文" if language == "zh" else "no official wording available"
    assert (gist in card) == (not quoted)
    assert "译回的句子" not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("专项行动已结束", "由人判断", "已于两个月后结束。", "暂未覆盖", "程序性条款",
                "大意：AI22-x", "第3字：“曰”与“日”字形相近", "页面未显示认证")),
        ("en", ("campaign ended", "for a person to decide", "It ended two months later.",
                "not yet covered", "procedural", "Not part yet.", "Character 3",
                "the page showed no verification")),
    ],
)  # fmt: skip
def test_the_page_says_what_was_and_was_not_checked(
    report: Reports, language: Language, words: tuple[str, ...]
) -> None:
    text = render_report(report(language=language))
    for word in words:
        assert word in text


def test_numbers_have_honest_denominators(
    report: Reports, account: Callable[..., AccountRow], plain_account: AccountRow
) -> None:
    gone = plain_account.model_copy(update={"outcome": "not_fetched", "account_id": "weibo:9"})
    text = render_report(report(accounts=[account(), plain_account, gone]))
    assert "1 / 2" in text  # with a finding, of those audited
    assert "2 / 3" in text  # with something not evaluated, of all
    assert "2 / 5" in text  # items the program works on, of all


def test_the_page_shows_the_first_and_says_how_many_are_left(
    report: Reports, finding: Callable[..., Finding]
) -> None:
    rows = (finding(finding_id=f"id{n:014d}") for n in range(1234))
    text = render_report(report(findings=rows, max_findings=10))
    assert text.count('<article class="card"') == 10
    assert "其余 1,224 条在 findings.csv 中" in text


def test_an_empty_run_is_a_page_too(report: Reports, run: Run) -> None:
    empty = run.model_copy(update={"inputs": (), "counts": {}, "warnings": (), "finished_at": None})
    text = render_report(
        report(run=empty, findings=[], accounts=[], coverage=(), rules=(), rejected=[], notices=())
    )
    assert "本次没有记录" in text
    assert "没有任何账号产生记录" in text
    Outline(text)


def test_without_notices_the_ids_stand_for_them(report: Reports) -> None:
    text = render_report(report(notices=()))
    assert "Gist of AI22-x" in text
    assert "ai22" in text


def test_an_incomplete_run_says_so_first(report: Reports, run: Run) -> None:
    assert "本次运行不完整" not in render_report(report())
    incomplete = run.model_copy(update={"exit_code": 3})
    assert "本次运行不完整" in render_report(report(run=incomplete))


def test_the_shareable_page_names_nobody(report: Reports) -> None:
    text = render_report(report(edition=Edition("shareable", b"a key of 16 bytes")))
    assert "云岭曰报" not in text
    assert "6630215874" not in text
    assert "可共享版" in text


def test_a_phone_number_in_any_text_is_masked(
    report: Reports, finding: Callable[..., Finding], run: Run
) -> None:
    said = "电话13812345678找我"
    row = finding(account_name=said, quote=said, fact_zh=said, fact_en=said, reference_value=said)
    warned = run.model_copy(update={"warnings": (said,)})
    assert "13812345678" not in render_report(report(findings=[row], run=warned))


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_input_gives_equal_bytes(tmp_path: Path, report: Reports, language: Language) -> None:
    write_report_html(tmp_path / "a.html", report(language=language))
    write_report_html(tmp_path / "b.html", report(language=language))
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
