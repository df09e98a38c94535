"""Coverage as the page shows it: every item of every notice, and what was not looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.model import CoverageRow, Item
from auditor.reports.html.cards import QUOTABLE, Library
from auditor.reports.html.wording import Wording


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item: official words where they were read, else a summary in the page's language."""

    row: CoverageRow
    quotation: str
    fragment: bool
    gist: str
    gist_tag: str
    why_not: str
    findings: int


@dataclass(frozen=True, slots=True)
class NoticeRows:
    """One document with its items; ``note`` says whether it still stands."""

    notice_id: str
    title: str
    title_tag: str
    issuer: str
    date: str
    ended: bool
    note: str
    url: str
    items: tuple[ItemRow, ...]


def item_rows(
    coverage: Sequence[CoverageRow], by_item: Counter[str], library: Library, wording: Wording
) -> tuple[ItemRow, ...]:
    """Return the items that rules work on or that rows cite, most findings first."""
    working = [
        _item_row(row, by_item[row.item_id], library, wording)
        for row in coverage
        if row.coverage in ("checked", "assisted") or by_item[row.item_id]
    ]
    return tuple(sorted(working, key=lambda entry: (-entry.findings, entry.row.item_id)))


def coverage_by_notice(
    coverage: Sequence[CoverageRow], library: Library, wording: Wording
) -> tuple[NoticeRows, ...]:
    """Return every item, grouped by notice in the order given."""
    groups: dict[str, list[CoverageRow]] = {}
    for row in coverage:
        groups.setdefault(row.notice_id, []).append(row)
    return tuple(_notice_rows(rows, library, wording) for rows in groups.values())


def _notice_rows(rows: list[CoverageRow], library: Library, wording: Wording) -> NoticeRows:
    notice_id = rows[0].notice_id
    notice = library.notices.get(notice_id)
    chinese = wording.language == "zh"
    title, note = notice_id, ""
    if notice is not None:
        title = notice.title_zh if chinese else notice.title_en
        note = notice.validity_note_zh if chinese else notice.validity_note_en
    return NoticeRows(
        notice_id=notice_id,
        title=title,
        title_tag=wording.tag if notice else "",
        issuer=notice.issuer if notice else "",
        date=notice.date if notice else "",
        ended=rows[0].validity == "ended",
        note=note,
        url=notice.url if notice else "",
        items=tuple(_item_row(row, row.findings, library, wording) for row in rows),
    )


def _item_row(row: CoverageRow, findings: int, library: Library, wording: Wording) -> ItemRow:
    item = library.items.get(row.item_id)
    chinese = wording.language == "zh"
    gist, tag = row.gist_en, "en"
    if chinese and item is not None:
        gist, tag = item.gist_zh, "zh-CN"
    return ItemRow(
        row=row,
        quotation=row.text_zh if row.zh_status in QUOTABLE else "",
        fragment=row.zh_status == "seen_fragment",
        gist=gist,
        gist_tag=tag,
        why_not=_why_not(row, item, chinese=chinese),
        findings=findings,
    )


def _why_not(row: CoverageRow, item: Item | None, *, chinese: bool) -> str:
    """Return why a machine does not check an item, in the page's language where it is known.

    The table holds the notice's Chinese sentence first; what this run lacked may follow it.
    """
    english = getattr(item, "why_not_en", "") if item else ""
    if chinese or item is None or not english or not row.why_not.startswith(item.why_not):
        return row.why_not
    return english + row.why_not[len(item.why_not) :]
