"""The one table, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench.ratios import Figures, ratios, start_up

Told = Mapping[str, Any]


def render(told: Told) -> str:
    """Render what was measured."""
    every = (_ratios, _sizes, _ways, _peers, _names, _stages, _truth)
    parts = (part(told) for part in every)
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def _ratios(told: Told) -> Iterator[str]:
    yield (
        f"{told['largest']:,} posts, {told['accounts']:,} accounts; CPU seconds, least of "
        f"{told['plan']['rounds']} interleaved rounds; made on {told['made_on']}. Start-up (an "
        f"audit of two posts: {start_up(told):.1f} s) is set aside unless a row says otherwise."
    )
    yield from ("", *_head("ratio", "goal", "measured", ""))
    for one in ratios(told):
        value = "not measured" if one.value is None else f"**{_figure(one.value)}**"
        yield _row(one.what, one.goal, value, one.note)


def _sizes(told: Told) -> Iterator[str]:
    yield from _head(
        "posts", "bare pass, CPU s", "all rules, CPU s", "/ bare", "everything, CPU s", "/ bare",
        "µs a post", "peak MiB", "hits a post",
    )  # fmt: skip
    for size, costs in told["costs"].items():
        if size == "0":
            continue
        count, bare, local = int(size), costs["bare"]["cpu_seconds"], costs["local"]
        key = "all" if "all" in costs else "local"
        whole = costs[key]
        nets = [costs[one]["cpu_seconds"] - start_up(told, one) for one in ("local", key)]
        yield _row(
            f"{count:,}", f"{bare:.2f}", f"{local['cpu_seconds']:.2f}", f"{nets[0] / bare:.2f}",
            f"{whole['cpu_seconds']:.2f}", f"{nets[1] / bare:.2f}", f"{nets[1] / count * 1e6:.1f}",
            f"{whole['peak_mib']:.0f}", f"{told['hits'][size] / count:.2f}",
        )  # fmt: skip


def _ways(told: Told) -> Iterator[str]:
    costs, bare = told["costs"][str(told["largest"])], Figures(told).bare
    yield from _head(
        "audit, start-up included", "workers", "CPU s", "/ bare pass", "s on the clock",
        "peak MiB, all processes",
    )  # fmt: skip
    for key, way in told["ways"].items():
        if (cost := costs.get(key)) is None:
            continue
        spent = cost["cpu_seconds"]
        yield _row(
            way["what"], str(way["workers"]), f"{spent:.2f}", f"{spent / bare:.2f}",
            f"{cost['wall_seconds']:.1f}", f"{cost['peak_mib']:.0f}",
        )  # fmt: skip


def _peers(told: Told) -> Iterator[str]:
    if not told["peers"]:
        return
    bare = Figures(told).bare / told["largest"] * 1e6
    yield from _head("peer, on a slice", "asked for", "µs each", "/ bare pass, a post")
    yield _row("bare pass", f"{told['largest']:,} posts", f"{bare:.2f}", "1")
    for peer in told["peers"].values():
        each = peer["microseconds"]
        if each is None:
            yield _row(peer["what"], "", "not installed", "")
            continue
        times = f"{each / bare:.0f}" if peer["of"] == "posts" else ""
        yield _row(peer["what"], f"{peer['slice']:,} {peer['of']}", f"{each:.1f}", times)


def _names(told: Told) -> Iterator[str]:
    if not (growth := told.get("growth")):
        return
    yield from _head(
        "names on the list", "the index, µs a name", "built in, CPU s", "extractOne, µs a name",
        "cdist, µs a name",
    )  # fmt: skip
    for one in growth:
        yield _row(
            f"{one['references']:,}", f"{one['index']:.2f}", f"{one['built_seconds']:.2f}",
            f"{one['extract_one']:,.1f}", f"{one['cdist']:,.1f}",
        )  # fmt: skip


def _stages(told: Told) -> Iterator[str]:
    stages = told["stages"].get("local", {})
    total = sum(stages.values())
    if not total:
        return
    yield from _head("stage, as run.json tells", "s on the clock", "share")
    for name, seconds in stages.items():
        yield _row(name, f"{seconds:.2f}", f"{seconds / total:.0%}")


def _truth(told: Told) -> Iterator[str]:
    if losses := told.get("losses"):
        yield (
            f"Of {losses['hits']:,} hits of the usual way in {losses['texts']:,} texts, "
            f"those of planted cases among them, the scan lacks {losses['lost']:,}; texts "
            f"that sleep although a rule's first words stand there: {losses['asleep']:,}, and "
            f"{losses['denied']:,} more in which a title stands that nobody claims.\n"
        )
    truth = told["truth"]
    planted, found = truth["planted"], truth["found"]
    yield (
        f"Planted cases found: {sum(found.values())} of {sum(planted.values())} "
        f"({truth['share']:.1%}); rows about nothing planted: {sum(truth['others'].values())}."
    )
    missed = {rule: count - found[rule] for rule, count in planted.items() if count > found[rule]}
    if missed:
        yield "Not found: " + ", ".join(f"{rule} {count}" for rule, count in missed.items()) + "."


def _head(*cells: str) -> tuple[str, str]:
    return _row(*cells), "|" + "---|" * len(cells)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"
