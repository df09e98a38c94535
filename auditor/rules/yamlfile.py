"""YAML read with the line of every value, and duplicate keys refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Path_ = tuple[str | int, ...]

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where libyaml is there: six times as fast."""

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


class DuplicateKeysError(Exception):
    """Keys written twice in one mapping, each with its line."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("duplicate keys")
        self.faults = faults


def read_yaml(path: Path, name: str) -> tuple[YamlFile | None, list[str]]:
    """Read one YAML file; return it, or the faults as ``file:line: message`` lines."""
    text, fault = _read_text(path)
    if text is None:
        return None, [f"{name}:1: {fault}"]
    try:
        return parse_yaml(text, name), []
    except DuplicateKeysError as error:
        return None, [f"{name}:{line}: the key “{key}” stands twice" for line, key in error.faults]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [f"{name}:{line}: not YAML: {error.problem}"]
    except (RecursionError, ValueError) as error:
        return None, [f"{name}:1: not YAML: {str(error).splitlines()[0]}"]


def _read_text(path: Path) -> tuple[str | None, str]:
    try:
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
        yaml.YAMLError: the text is not YAML, or uses aliases (which can expand without bound).
    """
    loader = LOADER(text)
    try:
        root = loader.get_single_node()
        walk = _Walk({}, [], set())
        if root is not None:
            walk.visit(root, ())
        if walk.faults:
            raise DuplicateKeysError(walk.faults)
        data = None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()
    return YamlFile(name, data, walk.lines)


@dataclass
class _Walk:
    """Collects the line of every path and the keys that stand twice."""

    lines: dict[Path_, int]
    faults: list[tuple[int, str]]
    seen: set[int]

    def visit(self, node: yaml.Node, path: Path_) -> None:
        """Walk a node; one met twice is an alias, which could expand without bound."""
        if id(node) in self.seen:
            mark = node.start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not allowed here", problem_mark=mark)
        self.seen.add(id(node))
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, path)
        elif isinstance(node, yaml.SequenceNode):
            for index, member in enumerate(node.value):
                self.visit(member, (*path, index))

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> None:
        names: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in names:
                self.faults.append((line, key.value))
            names.add(key.value)
            self.lines[(*path, key.value)] = line
            self.visit(value, (*path, key.value))
