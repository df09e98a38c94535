"""YAML read with the line of every value, and duplicate keys refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from auditor.text.tables import LOADER

Path_ = tuple[str | int, ...]

MAX_BYTES = 4 * 1024 * 1024
"""A file a lawyer reviews is small; a larger one is a mistake and is not parsed."""


@dataclass(frozen=True)
class YamlFile:
    """A document with the 1-based line of every mapping key and list member by its path."""

    name: str
    data: Any
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """Return the line of a path, or of its nearest known ancestor."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


_TEXT, _LIST, _MAPPING = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_SIMPLE = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null"))

MAX_DEPTH = 50
"""Levels of lists and mappings; a rule needs about eight."""

_MANY_BRACKETS = 200
_DEEP_LINE = re.compile(r"^[ ?:-]{50}", re.MULTILINE)


class DuplicateKeysError(Exception):
    """Keys written twice in one mapping, each with its line."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("duplicate keys")
        self.faults = faults


class TooDeepError(Exception):
    """Lists and mappings within each other beyond ``MAX_DEPTH``, first at ``line``."""

    def __init__(self, line: int) -> None:
        super().__init__("nested too deeply")
        self.line = line


def read_yaml(path: Path, name: str) -> tuple[YamlFile | None, list[str]]:
    """Read one YAML file; return it, or the faults as ``file:line: message`` lines."""
    text, fault = _read_text(path)
    if text is None:
        return None, [f"{name}:1: {fault}"]
    try:
        return parse_yaml(text, name), []
    except DuplicateKeysError as error:
        return None, [f"{name}:{line}: the key “{key}” stands twice" for line, key in error.faults]
    except (yaml.YAMLError, TooDeepError, RecursionError, ValueError) as error:
        line, said = _not_yaml(error, text)
        return None, [f"{name}:{line}: not YAML: {said}"]


def _not_yaml(error: Exception, text: str) -> tuple[int, str]:
    """Return the line of a fault, and what it is."""
    match error:
        case TooDeepError():
            return error.line, f"more than {MAX_DEPTH} levels deep"
        case yaml.MarkedYAMLError():
            return error.problem_mark.line + 1 if error.problem_mark else 1, str(error.problem)
        case yaml.reader.ReaderError():
            # The C loader gives an offset in bytes of its own encoding.
            found = yaml.reader.Reader.NON_PRINTABLE.search(text)
            line = text.count("\n", 0, found.start() if found else 0) + 1
            return line, "holds a control character; remove it"
        case _:
            return 1, str(error).splitlines()[0]


def _read_text(path: Path) -> tuple[str | None, str]:
    try:
        # A named pipe would be waited for without end.
        if path.exists() and not path.is_file():
            return None, "is no file; a name that ends in .yml is a rule file or a word list"
        if path.stat().st_size > MAX_BYTES:
            return None, f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB"
        return path.read_text(encoding="utf-8-sig"), ""
    except UnicodeDecodeError as error:
        return None, f"not UTF-8 text (byte {error.start}); save the file as UTF-8"
    except OSError as error:
        return None, f"cannot be read: {error.strerror}"


def parse_yaml(text: str, name: str) -> YamlFile:
    """Parse a document.

    Raises:
        DuplicateKeysError: a mapping holds a key twice.
        TooDeepError: it is nested more than ``MAX_DEPTH`` levels deep.
        yaml.YAMLError: the text is not YAML, or uses aliases (which can expand without bound).
    """
    _check_depth(text)
    loader = LOADER(text)
    try:
        root = loader.get_single_node()
        walk = _Walk(loader.construct_object, {}, [], set())
        data = None if root is None else walk.visit(root, ())
        if walk.faults:
            raise DuplicateKeysError(walk.faults)
        if walk.is_unusual:
            data = loader.construct_document(root)
    finally:
        loader.dispose()
    return YamlFile(name, data, walk.lines)


def _check_depth(text: str) -> None:
    """Refuse deep nesting: the C loader recurses, and 100,000 brackets end the whole process."""
    if text.count("[") + text.count("{") < _MANY_BRACKETS and not _DEEP_LINE.search(text):
        return  # neither brackets nor indentation are enough for it, and this look costs nothing
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise TooDeepError(event.start_mark.line + 1 if event.start_mark else 1)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


@dataclass
class _Walk:
    """Collects the line of every path and the keys that stand twice.

    On the way it makes the value of plain nodes too: word lists are tens of thousands of texts, and
    the loader would visit them all once more. ``is_unusual`` tells of all else (merged mappings,
    dates, numbers as keys), which is left to it.
    """

    simple: Callable[[yaml.Node], Any]
    lines: dict[Path_, int]
    faults: list[tuple[int, str]]
    seen: set[int]
    is_unusual: bool = False

    def visit(self, node: yaml.Node, path: Path_) -> Any:
        """Walk a node; one met twice is an alias, which could expand without bound."""
        if id(node) in self.seen:
            mark = node.start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not allowed here", problem_mark=mark)
        self.seen.add(id(node))
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            self.is_unusual |= node.tag != _MAPPING
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            self.is_unusual |= node.tag != _LIST
            return [self.visit(member, (*path, index)) for index, member in enumerate(node.value)]
        if node.tag in _SIMPLE:
            return self.simple(node)
        self.is_unusual |= node.tag != _TEXT
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        names: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                mark = key.start_mark
                raise yaml.MarkedYAMLError(problem="a key must be plain text", problem_mark=mark)
            line = key.start_mark.line + 1
            if key.value in names:
                self.faults.append((line, key.value))
            self.is_unusual |= key.tag != _TEXT
            self.lines[(*path, key.value)] = line
            names[key.value] = self.visit(value, (*path, key.value))
        return names
