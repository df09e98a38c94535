"""Rows that were not read: counted, and in the order of rejected.csv, however many there are."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Rejection
from auditor.runs.refused import Refused

rejections = st.builds(
    Rejection,
    file=st.sampled_from(["posts.jsonl", "accounts/a.jsonl", "帖子.csv"]),
    line=st.one_of(st.none(), st.integers(1, 30)),
    kind=st.sampled_from(["posts", "accounts"]),
    reason=st.sampled_from(["text: is missing", "is no object"]),
)


def place(row: Rejection) -> tuple[str, int, str, str]:
    return (row.file, row.line or 0, row.kind, row.reason)


@settings(deadline=None)
@given(pieces=st.lists(st.lists(rejections, max_size=5), max_size=5))
def test_rows_stand_by_file_and_line_in_whatever_pieces_they_came(
    pieces: list[list[Rejection]],
) -> None:
    everything = sorted((row for piece in pieces for row in piece), key=place)
    with TemporaryDirectory() as directory:
        refused = Refused(Path(directory) / "refused")
        for piece in pieces:
            refused.add(piece)
        assert [place(row) for row in refused] == [place(row) for row in everything]
        assert list(refused) == list(refused)
    assert refused.total == len(everything)
    firsts = {kind: place(row) for kind, row in refused.firsts.items()}
    kinds = {row.kind for row in everything}
    assert firsts == {
        kind: min(place(row) for row in everything if row.kind == kind) for kind in kinds
    }
