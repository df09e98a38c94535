"""What judging reads of a post: rows may come without the other fields, so no rule may ask them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import auditor
from auditor.config import rulesets_directory
from auditor.model import Post
from auditor.rules import READ_OF_POSTS, Compiled, Example, evaluate, load_ruleset
from auditor.rules.examples import NOW, dossier_of, with_lists
from auditor.sources import SCHEMAS

ROOMS = ("copies", "detectors", "names", "rules", "text", "titles")
"""The rooms that a dossier passes through on its way to findings."""

SOURCES = sorted(
    path
    for room in ROOMS
    for path in (Path(auditor.__file__).parent / room).rglob("*.py")
    if path.name != "judge.py"
)
COVERS = "registry.py"
"""There ``cover`` is a fact of a finding: what an extract of a register covers."""

UNREAD = frozenset(SCHEMAS["posts"].names) - READ_OF_POSTS


def named(source: str) -> Iterator[str]:
    """Yield the attributes and the words that a module names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_code_that_judges_names_another_field_of_a_post(path: Path) -> None:
    other = {"cover"} if path.name == COVERS else set()
    found = {*named(path.read_text(encoding="utf-8"))} & UNREAD
    assert found <= other


def test_what_is_read_is_the_part_of_a_post_that_somebody_names() -> None:
    assert set(Post.model_fields) > READ_OF_POSTS
    words = {name for path in SOURCES for name in named(path.read_text(encoding="utf-8"))}
    # The parts of the key are read as one.
    assert READ_OF_POSTS - {"platform", "account_id", "post_id"} <= words
    assert len(UNREAD) == 10


WRITTEN = {
    "edited_at": "2026-01-01T00:00:00+08:00",
    "source_label": "转载",
    "location": "北京",
    "likes": 7,
    "comments": 8,
    "reply_to": {"platform": "weibo", "account_id": "1", "post_id": "2"},
    "mentions": ["官方"],
    "images": ["https://example.org/1.png"],
    "cover": "https://example.org/2.png",
    "links": ["https://example.org/"],
}
EXAMPLES = {
    f"{rule.id}: {example.case}": example
    for rule in load_ruleset([rulesets_directory()]).rules
    for example in rule.examples
    if dossier_of(example).posts
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_what_else_a_post_tells_changes_no_judgement(compiled: Compiled, example: Example) -> None:
    given, dossier = with_lists(compiled, example), dossier_of(example)
    assert set(WRITTEN) == UNREAD
    posts = tuple(
        Post.model_validate(post.model_dump(exclude_unset=True) | WRITTEN) for post in dossier.posts
    )
    changed = dossier.model_copy(update={"posts": posts})
    assert evaluate(given, changed, NOW) == evaluate(given, dossier, NOW)
