"""A compiled loop answers as numpy does, and a machine that cannot compile it goes without."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.copies import sharing, shingles, sketches, verify
from auditor.rules.blobs import folded_blobs, text_column_digests
from auditor.text import (
    ALL_KINDS,
    FoldedBlob,
    Loop,
    batch,
    beginnings,
    blob_digests,
    blob_of,
    compiles,
    contents,
    fold_blob,
    fold_utf8,
    long_contents,
    may_hold_identifiers,
    prechecks,
    switch_loops,
    text_digests,
)
from auditor.text import loops as loops_module
from auditor.text.beginnings import Beginnings
from auditor.titles import stating

SIGNS = (
    "0123456789５一二三零abpstwhx@＠#＃:/.-－—_ ·"
    "()号楼单元座栋小区路京粤A天地玄，！\u3000\u200b😀𠮷\n"
)
PIECES = ("http://", "https://", "www.", "@", "#", "#天地#", "#" + "天" * 60, "一" * 30, "12345")
pieces = st.sampled_from(SIGNS) | st.sampled_from(PIECES) | st.characters(codec="utf-8")
texts_ = st.lists(st.lists(pieces, max_size=30).map("".join))


def both(ask: Any, *args: object) -> tuple[Any, Any]:
    """Return the answer of numpy and that of the loop."""
    switch_loops(False)
    slow = ask(*args)
    switch_loops(True)
    return slow, ask(*args)


def same(left: FoldedBlob, right: FoldedBlob) -> bool:
    """Tell whether two blobs hold the same texts."""
    return bool(np.array_equal(left.codes, right.codes)) and bool(
        np.array_equal(left.starts, right.starts)
    )


@settings(max_examples=100, deadline=None)
@given(texts_, st.integers(0, 3_000))
@pytest.mark.usefixtures("with_loops")
def test_texts_have_the_same_digests_whatever_their_length(texts: list[str], long: int) -> None:
    blob = blob_of([*texts, "天地玄黄" * long, "".join(texts)])
    slow, fast = both(blob_digests, blob)
    assert np.array_equal(slow, fast)


@settings(max_examples=200, deadline=None)
@given(texts_)
@pytest.mark.usefixtures("with_loops")
def test_texts_fold_from_their_bytes_as_from_their_characters(texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]
    lengths = np.array([len(text) for text in texts], np.intp)
    written = [text.encode() for text in texts]
    bounds = np.cumsum([0, *map(len, written)])
    found = fold_utf8(np.frombuffer(b"".join(written), np.uint8), bounds)
    assert same(found, fold_blob("".join(texts), lengths))


@pytest.mark.parametrize(
    "written",
    [
        b"\xe5\xa4",
        b"\xe5",
        b"\xf0\x9f\x98",
        b"\xc3",
        b"\x80",
        b"a\xbfb",
        b"\xe5\xa4a",
        b"\xe5aa",
        b"\xff\xff\xff\xff",
        b"\xf7\xbf\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf9\x80\x80\x80",
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xaf",
        b"\xed\xa0\x80",
        b"\x00",
        b"a\x00",
        b"\xe5\xa4\xa9\x00",
    ],
)
@pytest.mark.usefixtures("with_loops")
def test_bytes_that_are_no_text_are_refused_and_none_behind_them_is_read(written: bytes) -> None:
    # What follows in memory would complete the character.
    numbers = np.frombuffer(written + "天".encode(), np.uint8)
    with pytest.raises(ValueError, match="UTF-8"):
        fold_utf8(numbers, np.array([0, len(written)]))


EDGES = st.sampled_from([0x2F, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0])
LEADS = st.sampled_from([0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xF8, 0xFF])


@settings(max_examples=500, deadline=None)
@given(st.lists(EDGES | LEADS | st.integers(0, 255), max_size=6).map(bytes))
@pytest.mark.usefixtures("with_loops")
def test_bytes_are_a_text_where_python_reads_them_and_finds_no_zero(written: bytes) -> None:
    numbers, bounds = np.frombuffer(written, np.uint8), np.array([0, len(written)])
    text = written.decode(errors="replace")
    if text.encode() == written and "\0" not in text:
        assert same(fold_utf8(numbers, bounds), fold_blob(text, np.array([len(text)], np.intp)))
    else:
        with pytest.raises(ValueError, match="UTF-8"):
            fold_utf8(numbers, bounds)


@settings(max_examples=200, deadline=None)
@given(texts_, st.integers(0, 12), st.none() | st.integers(0))
@pytest.mark.usefixtures("with_loops")
def test_contents_are_the_same(texts: list[str], least: int, bits: int | None) -> None:
    blob = fold_blob("".join(texts), np.array([len(text) for text in texts], np.intp))
    wanted = None if bits is None else np.array([bits >> at & 1 for at in range(len(texts))], bool)
    (rows, contents), (looped_rows, looped) = both(long_contents, blob, least, wanted)
    assert np.array_equal(rows, looped_rows)
    assert same(contents, looped)


@pytest.mark.usefixtures("with_loops")
def test_a_zero_behind_a_head_leads_nowhere() -> None:
    # Folding drops it; a blob of other texts may hold it.
    texts = ["http://\0\0\0天地", "www.\0\0\0\0\0\0\0\0玄黄", "http\0"]
    (_, slow), (_, fast) = both(long_contents, blob_of(texts), 0)
    assert slow.texts() == fast.texts() == ["http天地", "www玄黄", "http"]


@settings(max_examples=300, deadline=None)
@given(texts_, st.sets(st.sampled_from(sorted(ALL_KINDS))))
@pytest.mark.usefixtures("with_loops")
def test_each_text_may_hold_an_identifier_as_it_may_alone(
    texts: list[str], kinds: set[str]
) -> None:
    # Columns may see a sign in one text and the next in another; a loop never does.
    alone = [both(may_hold_identifiers, blob_of([text]), kinds)[0].tolist() for text in texts]
    switch_loops(True)
    assert [[may] for may in may_hold_identifiers(blob_of(texts), kinds).tolist()] == alone


@settings(max_examples=100, deadline=None)
@given(texts_, st.sets(st.text(st.sampled_from(SIGNS), min_size=2, max_size=4), min_size=1))
@pytest.mark.usefixtures("with_loops")
def test_phrases_begin_at_the_same_places(texts: list[str], phrases: set[str]) -> None:
    codes = blob_of([*texts, *phrases]).codes
    slow, fast = both(Beginnings(phrases).places, codes)
    assert np.array_equal(slow, fast)


@settings(max_examples=100, deadline=None)
@given(texts_, texts_)
@pytest.mark.usefixtures("with_loops")
def test_columns_have_the_digests_of_their_texts(before: list[str], texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]
    for column in (pa.array(texts, pa.string()), pa.array([*before, *texts]).slice(len(before))):
        slow, fast = both(text_column_digests, column)
        assert slow.tolist() == fast.tolist() == text_digests(texts).tolist()


@pytest.mark.usefixtures("with_loops")
def test_columns_are_cut_elsewhere_and_hold_the_same_texts() -> None:
    texts = ["天地玄黄" * (n % 7) + "a1" * (n % 5) for n in range(500)]
    blobs = both(lambda: [blob.texts() for _, blob in folded_blobs(pa.array([*texts, None]))])
    slow, fast = ([text for blob in some for text in blob] for some in blobs)
    assert slow == fast == [*texts, ""]


def test_a_process_begins_without() -> None:
    assert not compiles()


@pytest.mark.parametrize("why", ["missing", "does not load", "switched off"])
def test_nothing_is_compiled_where_numba_is(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_name: str) -> None:
        raise OSError("libllvmlite.so cannot be opened")

    match why:
        case "missing":
            monkeypatch.setitem(sys.modules, "numba", None)
        case "does not load":
            monkeypatch.setattr(importlib, "import_module", fails)
        case _:
            monkeypatch.setenv(loops_module.SWITCH, "1")
    loops_module._works.cache_clear()
    switch_loops(True)
    try:
        assert not compiles()
    finally:
        switch_loops(False)
        loops_module._works.cache_clear()


@pytest.mark.parametrize("error", [RuntimeError("no locator available"), OSError(28, "full")])
def test_what_cannot_be_kept_is_compiled_all_the_same(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, or no directory can be written: numba says so early or late."""

    def njit(*, cache: bool, **_words: object) -> Any:
        def wrapped(function: Any) -> Any:
            def call(*args: object) -> object:
                if cache and isinstance(error, OSError):
                    raise error
                return function(*args)

            if cache and isinstance(error, RuntimeError):
                raise error
            return call

        return wrapped

    fake = ModuleType("numba")
    fake.njit = njit  # type: ignore[attr-defined]
    monkeypatch.setattr(importlib, "import_module", lambda _name: fake)
    twice = Loop(lambda number: number * 2)
    assert [twice(2), twice(3)] == [4, 6]


def test_a_loop_that_is_kept_bears_the_constants_it_was_compiled_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def inner(number: int) -> int:
        return number + MARGIN  # type: ignore[name-defined, no-any-return] # noqa: F821

    def outer(number: int) -> int:
        return INNER(number)  # type: ignore[name-defined, no-any-return] # noqa: F821

    def names_with(value: object) -> tuple[str, str]:
        monkeypatch.setitem(globals(), "MARGIN", value)
        monkeypatch.setitem(globals(), "INNER", Loop(inner))
        return Loop(inner).digest, Loop(outer).digest

    values = [1, 2, (1, 2), np.uint32(1), np.uint64(1), np.array([1], np.uint32)]
    for names in zip(*map(names_with, values), strict=True):
        assert len(set(names)) == len(values)
    assert names_with(1) == names_with(1)


def loops() -> list[Loop[..., Any]]:
    """Return the loops of the program."""
    modules = (
        batch, beginnings, contents, prechecks, sharing, shingles, sketches, stating, verify
    )  # fmt: skip
    return [one for some in modules for one in vars(some).values() if isinstance(one, Loop)]


@pytest.mark.parametrize("loop", loops(), ids=lambda loop: loop.__name__)
def test_a_loop_makes_no_array_and_fills_none_at_once(loop: Loop[..., Any]) -> None:
    # What numba brings along for that takes ten times as long to load as the loop.
    (written,) = ast.parse(inspect.getsource(inspect.unwrap(loop))).body
    for node in ast.walk(written):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert not (node.value.id == "np" and node.attr in ("empty", "zeros", "ones", "full"))
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            parts = [node.slice, *getattr(node.slice, "elts", ())]
            assert not any(isinstance(part, ast.Slice) for part in parts), ast.unparse(node)
