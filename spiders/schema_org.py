"""schema.org data of a page, JSON-LD and microdata alike, as one list of linked nodes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from extruct.jsonld import JsonLdExtractor
from extruct.w3cmicrodata import MicrodataExtractor
from parsel import Selector

Node = Mapping[str, Any]

_SCRIPTS = "//script[@type='application/ld+json']"
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes of a page in reading order, and those that carry an ``@id``."""

    nodes: tuple[Node, ...]
    by_id: Mapping[str, Node]

    def of_type(self, *types: str) -> Iterator[Node]:
        """Yield the nodes of any of these types."""
        return (node for node in self.nodes if not types_of(node).isdisjoint(types))

    def resolved(self, value: object) -> Node | None:
        """Return a value as a node, following a bare ``{"@id": ...}`` to where it is described."""
        if isinstance(value, str):
            return self.by_id.get(value)
        if not isinstance(value, Mapping):
            return None
        return self.by_id.get(str(value.get("@id")), value) if _is_bare(value) else value


def read_graph(html: str, url: str) -> Graph:
    """Read the schema.org data of a page; what cannot be read is left out, not the page."""
    nodes: list[Node] = []
    for item in (*_json_ld(html), *_microdata(html, url)):
        nodes.extend(_walk(item, 0))
    described = {str(node["@id"]): node for node in nodes if "@id" in node and not _is_bare(node)}
    return Graph(tuple(nodes), described)


def types_of(node: Node) -> frozenset[str]:
    """Return the bare type names of a node: ``Person``, however it is spelled out."""
    names = map(str, listed(node, "@type"))
    return frozenset(name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names)


def listed(node: Node, key: str) -> list[Any]:
    """Return a property's values; schema.org lets any property hold one or many."""
    value = node.get(key)
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def text_of(value: object) -> str | None:
    """Return a value as text: a string, a number, or what a node gives as its value or name."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        named = (value.get(key) for key in ("value", "@value", "name", "url", "contentUrl", "@id"))
        return next((found for found in map(text_of, named) if found), None)
    if isinstance(value, (list, tuple)):
        return next((found for found in map(text_of, value) if found), None)
    return None


def first_text(node: Node, *keys: str) -> str | None:
    """Return the text of the first of these properties that holds any."""
    return next((found for key in keys if (found := text_of(node.get(key)))), None)


def extras(node: Node) -> dict[str, Any]:
    """Return the ``additionalProperty`` values of a node by their name."""
    found: dict[str, Any] = {}
    for item in listed(node, "additionalProperty"):
        name = first_text(item, "propertyID", "name") if isinstance(item, Mapping) else None
        if name and "value" in item:
            found.setdefault(name.lower(), item["value"])
    return found


def _is_bare(node: Node) -> bool:
    return set(node) <= {"@id", "@type"}


def _json_ld(html: str) -> Iterator[Any]:
    # Script by script, because the extractor gives up the whole page for one that is broken.
    for script in Selector(text=html).xpath(_SCRIPTS).getall():
        with contextlib.suppress(ValueError, RecursionError):
            yield from JsonLdExtractor().extract(script)


def _microdata(html: str, url: str) -> Iterable[Any]:
    if "itemscope" not in html:
        return ()
    try:
        return [_as_json_ld(item) for item in MicrodataExtractor().extract(html, base_url=url)]
    except (ValueError, RecursionError):
        return ()


def _as_json_ld(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_json_ld(member) for member in value]
    if not isinstance(value, Mapping):
        return value
    node = {key: _as_json_ld(member) for key, member in value.get("properties", {}).items()}
    node["@type"] = value.get("type")
    if "id" in value:
        node["@id"] = value["id"]
    return node


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for member in value:
            yield from _walk(member, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for member in value.values():
            if isinstance(member, (list, Mapping)):
                yield from _walk(member, depth + 1)
