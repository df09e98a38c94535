from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collection.targets import Handle, handle_of, read_targets, url_of
from auditor.errors import InputError, UsageError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("target\nhttps://e.example/u/1\n", [("https://e.example/u/1", None)]),
        ("target,platform\na@e.example,toot\n", [("a@e.example", "toot")]),
        ("platform,target,note\n,@a@e.example:8000,x\n", [("@a@e.example:8000", None)]),
        ("\ufefftarget\r\nhttp://e.example/\r\n", [("http://e.example/", None)]),
        (
            '{"target": "a@e.example"}\n\n{"target":"b@e.example","platform":"x"}',
            [("a@e.example", None), ("b@e.example", "x")],
        ),
        ("target\na@e.example\na@e.example\n", [("a@e.example", None)]),
    ],
)
def test_targets_are_read_from_csv_and_jsonl(
    text: str, found: list[tuple[str, str | None]]
) -> None:
    targets = read_targets(text, "t")
    assert [(row.target, row.platform) for row in targets.rows] == found
    assert not targets.rejected


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (
            "target\na@e.example\nnonsense\n",
            3,
            "nor handle@host: nonsense",
        ),
        ("target\na@e.example\nftp://e.example/\n", 3, "neither an http(s) address"),
        ("target,platform\na@e.example,\n,x\n", 3, "target is empty"),
        ("target\na@e.example\nhttp://\n", 3, "an address without a host"),
        ('{"target":"a@e.example"}\n{"target":', 2, "not a JSON object"),
        ('{"target":"a@e.example"}\n[1]', 2, "not a JSON object"),
        ('{"target":"a@e.example"}\n{"target":7}', 2, "target is empty"),
        ('{"target":"a@e.example"}\n{"target":"b@e.example","platform":7}', 2, "platform"),
        ("target\na@e.example\nhttp://e.example/" + "x" * 2000 + "\n", 3, "too long"),
    ],
)
def test_a_bad_row_is_one_clear_line(text: str, line: int, reason: str) -> None:
    targets = read_targets(text, "t.csv")
    assert len(targets.rows) == 1
    (rejected,) = targets.rejected
    assert (rejected.file, rejected.line) == ("t.csv", line)
    assert reason in rejected.reason
    assert "\n" not in rejected.reason


@pytest.mark.parametrize(
    "text", ["", "\n", "url\nhttp://e.example/\n", "target\n", "target\nnonsense\n", "{}", "{"]
)
def test_a_file_of_which_nothing_can_be_read_is_the_callers_mistake(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_targets(text, "t.csv")
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith("t.csv: ")
    assert "\n" not in str(caught.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_targets(text, "t")
    except InputError:
        return


@pytest.mark.parametrize(
    ("target", "allow_private", "url"),
    [
        ("a@e.example", False, "https://e.example/"),
        ("@A@E.example", True, "https://e.example/"),
        ("a@127.0.0.1:3000", True, "http://127.0.0.1:3000/"),
        ("a@127.0.0.1:3000", False, "https://127.0.0.1:3000/"),
        ("a@localhost", True, "http://localhost/"),
        ("http://e.example/@a", False, "http://e.example/@a"),
    ],
)
def test_a_handle_is_spoken_to_in_https_unless_its_host_is_private_and_allowed(
    target: str, url: str, *, allow_private: bool
) -> None:
    assert url_of(target, allow_private=allow_private) == url


@pytest.mark.parametrize("target", ["a", "a@", "@e.example", "a b@e.example", "//e.example/a@b"])
def test_half_a_handle_is_none(target: str) -> None:
    assert handle_of(target) is None
    with pytest.raises(UsageError):
        url_of(target)


def test_a_handle_keeps_its_case_and_its_host_does_not() -> None:
    assert handle_of("@Ada@Example.ORG:3000") == Handle("Ada", "example.org:3000")
