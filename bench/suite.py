"""Measures everything of the table, interleaved: each round runs every way once."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from bench.bare import batches, patterns, shipped
from bench.bodies import listed
from bench.clauses import Words
from bench.copies import found_copies
from bench.generate import write_dataset
from bench.growth import name_growth
from bench.losses import losses
from bench.measure import Cost, run_module
from bench.overlays import write_lexical, write_references
from bench.platform import Shape
from bench.textpeers import Peer, peers
from bench.truth import compared

NOW = "2026-11-21T08:00:00+08:00"
LOCAL = ("--no-copies",)
"""Words that leave copies across accounts out."""

MORE_RULES = 1_000
"""So many that they cost more than two runs differ by: with 200 tables gave 0.08 to 0.36 %."""
MORE_REFERENCES = 100_000
FAR = 10_000_000
FAR_ROUNDS = 3

_ENDS = (0, 1, 3)
_SMALL = 100_000


class Plan(NamedTuple):
    """What is measured; ``sizes`` are numbers of posts, a twentieth of them accounts.

    ``far`` is a size (0: none) of three rounds at most, of the bare pass and of audits by one
    worker: how costs go on beyond the largest of ``sizes``, which the ratios are of.
    """

    sizes: tuple[int, ...] = (10_000, 100_000, 250_000, 1_000_000)
    rounds: int = 3
    workers: int = 2
    peers: bool = True
    extras: bool = True
    far: int = 0


class Way(NamedTuple):
    """One audit to be measured: its key, what it is, workers, and words of the command line."""

    key: str
    what: str
    workers: int = 1
    words: tuple[str, ...] = ()


@dataclass
class Suite:
    """Datasets and overlays under ``home``, and what was measured so far.

    ``costs`` holds the least of all rounds, ``rounds`` the CPU seconds of each, by size and way.
    """

    home: Path
    plan: Plan
    say: Any = field(default=lambda text: print(text, file=sys.stderr, flush=True))
    costs: dict[str, dict[str, Cost]] = field(default_factory=dict)
    rounds: list[dict[str, dict[str, float]]] = field(default_factory=list)
    hits: dict[str, int] = field(default_factory=dict)
    peers: dict[str, tuple[Peer, float | None]] = field(default_factory=dict)
    stages: dict[str, dict[str, float]] = field(default_factory=dict)

    def run(self) -> dict[str, Any]:
        """Measure and return what the table is made of."""
        sizes = sorted(self.plan.sizes)
        for size in (0, *sizes, *filter(None, [self.plan.far])):
            self._dataset(size)
        ways = list(self._ways())
        for turn in range(self.plan.rounds):
            self.say(f"round {turn + 1} of {self.plan.rounds}")
            self.rounds.append({})
            for way in ways:
                self._audit(0, way)
            for size in sizes:
                self._size(size, ways)
            if self.plan.far and turn < FAR_ROUNDS:
                self._far(ways)
            if self.plan.peers:
                self._peers(sizes[-1])
        return self._told(sizes[-1], ways)

    def _size(self, size: int, ways: list[Way]) -> None:
        largest = size == max(self.plan.sizes)
        self._bare(size)
        self._validation(size)
        if largest and self.plan.workers > 1:
            self._pair(size)
        for way in ways if largest else ways[: self._everywhere()]:
            self._audit(size, way)

    def _far(self, ways: list[Way]) -> None:
        self._bare(self.plan.far)
        for way in ways:
            if way.key in ("local", "all"):
                self._audit(self.plan.far, way)

    def _everywhere(self) -> int:
        """Return how many of the ways are measured at every size: local, everything, workers."""
        return 2 + (self.plan.workers > 1)

    def _ways(self) -> Iterator[Way]:
        yield Way("local", "all rules but copies across accounts", 1, LOCAL)
        yield Way("all", "everything, copies included")
        if (workers := self.plan.workers) > 1:
            yield Way("workers", f"as the first, {workers} workers", workers, LOCAL)
        if not self.plan.extras:
            return
        dice = Shape(1, 1).dice
        persons = Words.read(dice, ["榕城"], ["榕城"]).slots["person"]
        words = write_lexical(self.home / "more-rules", MORE_RULES, persons)
        laid = (*LOCAL, "--rules", str(words))
        yield Way("rules", f"{MORE_RULES} more lexical rules", 1, laid)
        lists = write_references(self.home / "more-references", MORE_REFERENCES)
        what = f"{MORE_REFERENCES:,} names to compare with"
        yield Way("references", what, 1, (*LOCAL, "--references", str(lists)))

    def dataset(self, size: int) -> Path:
        """Return where the dataset of a size stands; 0 is one of two posts."""
        return self.home / f"posts-{size}"

    def _dataset(self, size: int) -> None:
        path = self.dataset(size)
        if not (path / "truth" / "copies.csv").exists():
            self.say(f"writing {size:,} posts")
            shape = Shape(max(size, 2), max(1, size // 20))
            write_dataset(path, shape)

    def _bare(self, size: int) -> None:
        # A pass over few posts is over in no time: the quickest of some counts.
        rounds = str(3 if size <= _SMALL else 1)
        posts = self.dataset(size) / "posts.parquet"
        cost, said = run_module(["bench.bare", str(posts), rounds])
        seconds, hits = said.split()
        self.hits[str(size)] = int(hits)
        # Only the pass itself counts, not the start of the process and the automaton's building.
        self._keep(size, "bare", Cost(float(seconds), cost.wall_seconds, cost.peak_mib))

    def _pair(self, size: int) -> None:
        """Measure a bare pass beside another one: what two processes of this machine are worth."""
        words = ["bench.bare", str(self.dataset(size) / "posts.parquet")]
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(run_module, (words, words)))
        cost, said = max(both, key=lambda one: float(one[1].split()[0]))
        seconds = float(said.split()[0])
        self._keep(size, "pair", Cost(seconds, cost.wall_seconds, cost.peak_mib))

    def _validation(self, size: int) -> None:
        cost, said = run_module(["bench.validation", str(self.dataset(size))])
        self._keep(
            size, "validation", Cost(float(said.split()[0]), cost.wall_seconds, cost.peak_mib)
        )

    def _audit(self, size: int, way: Way) -> None:
        out = self.home / "runs" / f"{way.key}-{size}"
        shutil.rmtree(out, ignore_errors=True)
        words = ["auditor", "audit", str(self.dataset(size)), "--out", str(out), "--quiet"]
        words += ["--now", NOW, "--workers", str(way.workers), *way.words]
        cost, _ = run_module(words, _ENDS)
        self.say(f"  {way.key} {size:,}: {cost.cpu_seconds:.1f} CPU s")
        self._keep(size, way.key, cost)
        if size == max(self.plan.sizes):
            told = json.loads((out / "run.json").read_text(encoding="utf-8"))["timings_s"]
            known = self.stages.setdefault(way.key, told)
            known.update({name: min(known[name], seconds) for name, seconds in told.items()})

    def _keep(self, size: int, key: str, cost: Cost) -> None:
        self.rounds[-1].setdefault(str(size), {})[key] = round(cost.cpu_seconds, 3)
        known = self.costs.setdefault(str(size), {})
        known[key] = known[key].least(cost) if key in known else cost

    def _peers(self, size: int) -> None:
        posts = list(islice((text for some in self._texts(size) for text in some), 25_000))
        table = pq.read_table(self.dataset(size) / "accounts.parquet", columns=["name", "bio"])
        names: list[str] = table["name"].to_pylist()
        bios: list[str | None] = table["bio"].to_pylist()
        profiles = [f"{name}\n{bio or ''}" for name, bio in zip(names, bios, strict=True)]
        texts = {"posts": posts, "names": names, "profiles": profiles}
        for peer in self._asked():
            each = peer.microseconds(texts[peer.of])
            before = self.peers.get(peer.key, (peer, None))[1]
            least = min((one for one in (each, before) if one is not None), default=None)
            self.peers[peer.key] = (peer, least)

    def _texts(self, size: int) -> Iterator[list[str]]:
        return batches(self.dataset(size) / "posts.parquet")

    def _asked(self) -> list[Peer]:
        if self.peers:
            return [peer for peer, _ in self.peers.values()]
        compiled = shipped()
        return peers(compiled, patterns(compiled), listed(compiled.resources.references))

    def _told(self, largest: int, ways: list[Way]) -> dict[str, Any]:
        out = self.home / "runs" / f"{ways[0].key}-{largest}"
        found = compared(self.dataset(largest), out)
        return {
            "plan": self.plan._asdict(),
            "made_on": f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores",
            "more_rules": MORE_RULES,
            "largest": largest,
            "accounts": largest // 20,
            "ways": {way.key: {"what": way.what, "workers": way.workers} for way in ways},
            "costs": {size: _plain(costs) for size, costs in self.costs.items()},
            "rounds": self.rounds,
            "hits": self.hits,
            "posts_bytes": (self.dataset(largest) / "posts.parquet").stat().st_size,
            "findings": sum(found.rows.values()),
            "stages": self.stages,
            "peers": {
                key: {"what": peer.what, "of": peer.of, "slice": peer.slice_, "microseconds": each}
                for key, (peer, each) in self.peers.items()
            },
            **self._told_of_peers(largest),
            "truth": {
                "planted": found.planted,
                "found": found.found,
                "others": found.others,
                "share": found.share,
            },
        }

    def _told_of_peers(self, largest: int) -> dict[str, Any]:
        """Return what is held against others once: hits, names by the length of lists, copies."""
        if not self.peers:
            return {"losses": {}, "growth": [], "copies": {}}
        compiled = shipped()
        names = pq.read_table(self.dataset(largest) / "accounts.parquet", columns=["name"])["name"]
        return {
            "losses": losses(compiled, self.dataset(largest)),
            "growth": list(name_growth(compiled.resources.references, names.to_pylist())),
            "copies": found_copies(),
        }


def _plain(costs: Mapping[str, Cost]) -> dict[str, dict[str, float]]:
    return {
        key: {name: round(value, 3) for name, value in vars(cost).items()}
        for key, cost in costs.items()
    }
