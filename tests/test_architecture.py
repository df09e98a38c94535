"""The import table of the house, held against every import of the package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALL = {"*"}

# What each room may import of ours, beside errors and model (docs/decisions/0007-rooms.md).
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "model": set(),
    "config": set(),
    "streams": set(),
    "text": set(),
    "references": {"text"},
    "names": {"text", "references"},
    "copies": {"text"},
    "titles": {"text"},
    "detectors": {"text", "references", "names", "copies", "titles"},
    "rules": {"detectors", "text", "references", "names", "copies"},
    "decisions": set(),
    "collection": set(),
    "evidence": set(),
    "store": set(),
    "sources": {"store", "text"},
    "reports": {"text", "evidence", "decisions"},
    "demo": {"config"},
    "runs": ALL - {"cli"},
    "console": ALL,
    "commands": ALL,
    "cli": ALL,
    "spiders": {"store", "collection", "evidence", "config"},
}
FORBIDDEN_IN_RUNS = {"cli", "commands", "console", "review"}
# The core does no I/O and reads no clock; these modules would let it.
PURE = {"names", "titles", "copies", "detectors", "decisions", "collection"}
IMPURE = {"sqlmodel", "sqlalchemy", "scrapy", "requests", "urllib.request", "socket", "random"}
OUTSIDE = {
    "scrapy": {"spiders"},
    "twisted": {"spiders"},
    "sqlmodel": {"store"},
    # The crawl lock reads the file name out of a database URL.
    "sqlalchemy": {"store", "spiders"},
    "alembic": {"store"},
    "pyspark": {"runs"},
    "py4j": {"runs"},
    "typer": {"cli"},
    "rich": {"console"},
    "jieba": {"text"},
    "rapidfuzz": {"text", "names"},
    "jinja2": {"reports", "demo"},
    "yaml": {"rules", "text", "reports", "demo", "collection"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("auditor", "spiders"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            room = "spiders" if top == "spiders" else (parts[1] if len(parts) > 1 else "")
            yield room.removesuffix(".py"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(name: str) -> str | None:
    parts = name.split(".")
    if parts[0] == "spiders":
        return "spiders"
    if parts[0] != "auditor" or len(parts) < 2:
        return None
    return parts[1]


CASES = [pytest.param(room, path, id=str(path.relative_to(ROOT))) for room, path in modules()]


@pytest.mark.parametrize(("room", "path"), CASES)
def test_a_room_imports_only_what_the_table_allows(room: str, path: Path) -> None:
    if room in ("__init__", "__main__"):
        return
    assert room in ROOMS, f"{room} is not in the table of rooms"
    allowed = ROOMS[room] | {"errors", "model", room}
    used = {
        name for imported in imports(path) if (name := ours(imported)) and name != "__version__"
    }
    if "*" in allowed:
        wrong = used & ({"spiders"} | (FORBIDDEN_IN_RUNS if room == "runs" else set()))
    else:
        wrong = used - allowed
    assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


@pytest.mark.parametrize(("room", "path"), CASES)
def test_a_library_is_known_to_its_rooms_only(room: str, path: Path) -> None:
    for imported in imports(path):
        top = imported.split(".")[0]
        if top in OUTSIDE and room:
            assert room in OUTSIDE[top], f"{path.relative_to(ROOT)} imports {top}"
        if room in PURE:
            assert imported not in IMPURE
            assert top not in IMPURE


def test_the_import_graph_of_rooms_has_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for room, path in modules():
        used = {name for imported in imports(path) if (name := ours(imported)) in ROOMS}
        graph.setdefault(room, set()).update({name for name in used if name} - {room})
    done: set[str] = set()

    def visit(room: str, trail: tuple[str, ...]) -> None:
        assert room not in trail, f"circle: {' → '.join((*trail, room))}"
        if room not in done:
            for other in sorted(graph.get(room, ())):
                visit(other, (*trail, room))
            done.add(room)

    for room in sorted(graph):
        visit(room, ())


@pytest.mark.parametrize(("room", "path"), CASES)
def test_files_and_functions_stay_small(room: str, path: Path) -> None:
    if "versions" in path.parts:
        return
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 350
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            assert length <= 50, f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length}"


@pytest.mark.parametrize(("room", "path"), CASES)
def test_every_public_name_is_documented(room: str, path: Path) -> None:
    if "versions" in path.parts:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path.relative_to(ROOT)} has no docstring"
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in tree.body:
        if isinstance(node, defined) and not node.name.startswith("_"):
            where = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            assert ast.get_docstring(node), f"{where} has no docstring"
