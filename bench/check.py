"""A few ratios of a small size, held against those recorded: the alarm of continuous integration.

Ratios, never seconds. What is compared is the least of several interleaved rounds, and before a
ratio counts as worse everything is measured twice again: other work on the machine makes it noisy.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import numpy as np

from auditor.names import NameIndex
from auditor.rules import Compiled
from auditor.text.automaton import best_find
from bench.bare import patterns, shipped
from bench.clauses import Words
from bench.costs import made
from bench.platform import Shape
from bench.suite import Plan, Suite

WORSE = 1.3
"""How much a ratio may grow."""

SIZE = 250_000
"""Posts: enough to cost more than starting does, which is taken off and varies by a fifth.

With 60,000 the same code gave 3.7 to 6.6 for one ratio; above 131,072 the compiled loops run, too.
"""
ROUNDS = 3
_LOOKS = 3
"""How often everything is measured before a ratio counts as worse."""

_RECORDED = Path(__file__).with_name("ratios.json")
_NAMES = 200_000
"""Names asked at once: with a tenth, 40 ms of work, the same code gave ratios half as high again.

They are held against one automaton over the same names, as posts against the bare pass: 4.99 to
5.07 in three runs. rapidfuzz's cdist hardly waits for memory: held against it the same code gave
0.0123 in a quiet hour and 0.0192 in one in which others used the machine.
"""
_NAME_ROUNDS = 7


def check(home: Path) -> int:
    """Return 1 if a ratio is over 30 % above the recorded one each time, or no longer measured."""
    recorded: Mapping[str, float] = json.loads(_RECORDED.read_text(encoding="utf-8"))
    found = measured(home)
    for _ in range(_LOOKS - 1):
        if _worse(found, recorded):
            print("worse at first sight; measured again", file=sys.stderr)
            found = {key: min(value, found[key]) for key, value in measured(home).items()}
    worse = _worse(found, recorded)
    print("| ratio | recorded | now | |")
    print("|---|---|---|---|")
    for key, value in found.items():
        before = recorded.get(key)
        shown = "new" if before is None else f"{before:.4g}"
        print(f"| {key} | {shown} | {value:.4g} | {'worse' if key in worse else ''} |")
    # A ratio of another name would never be worse again.
    gone = [key for key in recorded if key not in found]
    for key in gone:
        print(f"| {key} | {recorded[key]:.4g} | | not measured |")
    return 1 if worse or gone else 0


def record(home: Path) -> int:
    """Write the middle ratios of three measurements as those to be held against."""
    runs = [measured(home) for _ in range(ROUNDS)]
    found = {key: float(f"{median(run[key] for run in runs):.4g}") for key in runs[0]}
    _RECORDED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(_RECORDED.read_text(encoding="utf-8"))
    return 0


def measured(home: Path) -> dict[str, float]:
    """Measure the small size; every value is a cost over another, so less is better."""
    plan = Plan((SIZE,), ROUNDS, workers=1, peers=False, extras=False)
    suite = Suite(home, plan, say=lambda _: None)
    told = suite.run()
    costs = told["costs"][str(SIZE)]
    start = told["costs"]["0"]["local"]["cpu_seconds"]
    bare = costs["bare"]["cpu_seconds"]
    found = {
        "audit / bare pass": (costs["local"]["cpu_seconds"] - start) / bare,
        "start-up / bare pass": start / bare,
        "audit's memory / bare pass's": costs["local"]["peak_mib"] / costs["bare"]["peak_mib"],
    }
    if "all" in costs:
        found["everything / bare pass"] = (costs["all"]["cpu_seconds"] - start) / bare
    return {**found, "a name / bare pass": _name_ratio()}


def _name_ratio() -> float:
    """Return what the name index costs a name, over one automaton over the name."""
    compiled = shipped()
    names = _names(compiled)
    index = NameIndex.build(compiled.resources.references)
    find = best_find(patterns(compiled))
    # Once before, and all of them: what a process loads and lays out first is no cost of a name.
    index.matches_batch(names)
    ours, others = [], []
    for _ in range(_NAME_ROUNDS):
        ours.append(made(lambda: index.matches_batch(names))[1])
        others.append(made(lambda: deque(map(find, names), 0))[1])
    return min(ours) / min(others)


def _names(compiled: Compiled) -> list[str]:
    places = [one.name for one in compiled.resources.references.divisions]
    words = Words.read(Shape(1, 1).dice, places, ["榕城"])
    names: list[str] = words.composed("name", words.book["names"], np.arange(_NAMES)).to_pylist()
    return names


def _worse(found: Mapping[str, float], recorded: Mapping[str, float]) -> list[str]:
    return [key for key, value in found.items() if value > WORSE * recorded.get(key, value)]
