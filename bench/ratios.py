"""The ratios that the goals are set in, from what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any, NamedTuple

Told = Mapping[str, Any]

LOCAL_STAGES = ("count", "screen", "fetch", "judge")
"""The stages that are tasks of the workers: each reads slices of its own, or judges accounts."""


class Ratio(NamedTuple):
    """One ratio: its key, what it is, its goal in words, its value (None: not measured), a note."""

    key: str
    what: str
    goal: str
    value: float | None
    note: str = ""


class Figures:
    """What was measured at one size; CPU seconds of audits without their start-up.

    ``posts`` is that size, the largest where none is given; ``accounts`` belong to the largest.
    """

    def __init__(self, told: Told, posts: int | None = None) -> None:
        self.told = told
        self.posts: int = posts or told["largest"]
        self.accounts: int = told["accounts"]
        self._costs = told["costs"][str(self.posts)]
        self.bare: float = self._costs["bare"]["cpu_seconds"]

    def net(self, key: str) -> float | None:
        """Return the CPU seconds of an audit, its own start-up aside."""
        cost = self._costs.get(key)
        return None if cost is None else float(cost["cpu_seconds"]) - start_up(self.told, key)

    def cpu(self, key: str) -> float | None:
        """Return the CPU seconds of a part that was measured without any start-up."""
        cost = self._costs.get(key)
        return None if cost is None else float(cost["cpu_seconds"])

    def wall(self, key: str) -> float | None:
        """Return the seconds on the clock of an audit, start-up included."""
        cost = self._costs.get(key)
        return None if cost is None else float(cost["wall_seconds"])

    def stages(self, key: str) -> float | None:
        """Return the seconds on the clock of the stages that workers share in an audit."""
        stages = self.told["stages"].get(key)
        return stages and sum(stages.get(name, 0.0) for name in LOCAL_STAGES)

    @property
    def whole(self) -> float | None:
        """CPU seconds of everything that is in force."""
        return self.net("all") or self.net("local")

    @property
    def further(self) -> float | None:
        """What posts beyond a quarter of them cost, over a bare pass of these: no loading in it."""
        quarter = self.told["costs"].get(str(self.posts // 4), {})
        if "local" not in quarter or "bare" not in quarter:
            return None
        cost, bare = (
            less(self.cpu(key), float(quarter[key]["cpu_seconds"])) for key in ("local", "bare")
        )
        return over(cost, bare)

    def by_round(self, key: str) -> str:
        """Tell an audit over the bare pass of its own round: the middle, the least and the most.

        The least of all rounds may be of different moments; of these two stand side by side.
        """
        size = str(self.posts)
        each = sorted(
            (one[size][key] - one["0"].get(key, one["0"]["local"])) / one[size]["bare"]
            for one in self.told.get("rounds", ())
            if key in one.get(size, ())
        )
        if not each:
            return ""
        return f"{median(each):.2f} in the middle of its rounds, {each[0]:.2f} to {each[-1]:.2f}"

    def pair(self) -> float | None:
        """Return what two bare passes at once are worth of one, in the middle of the rounds."""
        size = str(self.posts)
        rounds = [one[size] for one in self.told.get("rounds", ()) if "pair" in one.get(size, ())]
        if not rounds:
            return over(2 * self.bare, self.cpu("pair"))
        return median(2 * one["bare"] / one["pair"] for one in rounds)

    def peer(self, key: str) -> float | None:
        """Return the CPU seconds that a peer would need for all posts, or all names."""
        one = self.told["peers"].get(key)
        if one is None or one["microseconds"] is None:
            return None
        count = self.posts if one["of"] == "posts" else self.accounts
        return float(one["microseconds"] * count / 1e6)


def start_up(told: Told, key: str = "local") -> float:
    """Return the CPU seconds of an audit of two posts: processes, rules, lists and index."""
    costs = told["costs"]["0"]
    return float(costs.get(key, costs["local"])["cpu_seconds"])


def per_million(told: Told) -> float:
    """Return the CPU seconds that a million more posts cost, with everything in force."""
    return (Figures(told).whole or 0.0) / told["largest"] * 1e6


def ratios(told: Told) -> list[Ratio]:
    """Return every ratio of the table, in the order of the goals."""
    figures = Figures(told)
    return [*_passes(figures), *_far(figures), *_peers(figures), *_growth(figures)]


def _passes(figures: Figures) -> Iterator[Ratio]:
    bare, local = figures.bare, figures.net("local")
    every = figures.net("all")
    told = f"{over(plus(local, start_up(figures.told)), bare):.2f} with start-up"
    if (further := figures.further) is not None:
        told += f"; {further:.2f} of each post beyond the first {figures.posts // 4:,}"
    yield Ratio(
        "local", "all rules, without copies across accounts / bare pass", "≤ 2.0",
        over(local, bare), "; ".join(filter(None, (figures.by_round("local"), told))),
    )  # fmt: skip
    yield Ratio(
        "all", "everything, copies included / bare pass", "≤ 4.0", over(every, bare),
        figures.by_round("all"),
    )  # fmt: skip
    more = less(figures.net("rules"), local)
    count = figures.told["more_rules"]
    yield Ratio(
        "rule", "one more lexical rule / bare pass", "≤ 0.002",
        over(None if more is None else max(0.0, more) / count, bare), f"from {count} at once",
    )  # fmt: skip
    checked = figures.cpu("validation")
    yield Ratio(
        "validation", "judging every row of the input / all rules, without copies", "≤ 0.05",
        over(checked, local), "reading aside",
    )  # fmt: skip


def _far(figures: Figures) -> Iterator[Ratio]:
    """Yield the same of the size that few rounds are of, and how far off a straight line it is."""
    if not (far := figures.told["plan"].get("far")):
        return
    beyond = Figures(figures.told, far)
    times, rounds = far / figures.posts, sum(str(far) in one for one in figures.told["rounds"])
    yield Ratio(
        "far_local", f"all rules, without copies / bare pass, {far:,} posts", "≤ 2.0",
        over(beyond.net("local"), beyond.bare),
        f"{beyond.by_round('local')}; in {rounds} of the rounds",
    )  # fmt: skip
    yield Ratio(
        "far_all", f"everything, copies included / bare pass, {far:,} posts", "≤ 4.0",
        over(beyond.net("all"), beyond.bare), beyond.by_round("all"),
    )  # fmt: skip
    for key, what in (("all", "everything"), ("local", "all rules, without copies")):
        peak = figures.told["costs"][str(far)][key]["peak_mib"]
        yield Ratio(
            f"far_slope_{key}", f"{what}: a post of {far:,} / a post of {figures.posts:,}",
            "≤ 1.15", over(over(beyond.net(key), figures.net(key)), times),
            f"the bare pass {beyond.bare / figures.bare / times:.2f}; {peak:.0f} MiB at the peak",
        )  # fmt: skip


def _peers(figures: Figures) -> Iterator[Ratio]:
    whole, every, local = figures.whole, figures.net("all"), figures.net("local")
    jieba, usual = figures.peer("jieba"), figures.peer("usual_posts")
    names = figures.peer("extract_one")
    careless = over(plus(figures.peer("usual_everywhere"), names), local)
    told = "" if careless is None else f"; {careless:.0f} where rules on profiles read posts too"
    asked = plus(plus(usual, names), figures.peer("usual_profiles"))
    yield Ratio(
        "jieba", "everything in force / jieba over the same text", "≤ 0.05",
        over(whole, jieba), "jieba on a slice",
    )  # fmt: skip
    yield Ratio(
        "usual", "the usual way / ours, asked for the same", "≥ 100",
        over(asked, local),
        f"the usual way on slices{told}{told_losses(figures.told.get('losses'))}",
    )  # fmt: skip
    yield Ratio(
        "usual_all", "the usual way / everything in force", "≥ 100",
        over(asked, every), "it does not look for copies across accounts",
    )  # fmt: skip
    yield Ratio(
        "copies", "copies across accounts / datasketch over the same text", "≤ 0.1",
        over(less(every, local), figures.peer("datasketch")),
        f"datasketch on a slice: a small index{told_copies(figures.told.get('copies'))}",
    )  # fmt: skip


def told_losses(losses: Mapping[str, int] | None) -> str:
    """Tell what the usual way has and ours has not; nothing where that was not looked at."""
    if not losses:
        return ""
    lost = losses["lost"] + losses["asleep"]
    return f"; of its {losses['hits']:,} hits in {losses['texts']:,} texts ours lacks {lost:,}"


def told_copies(found: Mapping[str, float] | None) -> str:
    """Tell what was found of all pairs that are alike; nothing where that was not looked at."""
    if not found:
        return ""
    return (
        f"; of {found['texts']:,} texts with {found['pairs']:,} pairs of likeness "
        f"{found['likeness']} or more recall is {found['recall']:.3f}, precision "
        f"{found['precision']:.3f}"
    )


def _growth(figures: Figures) -> Iterator[Ratio]:
    costs, posts = figures.told["costs"], figures.posts
    clock = over(figures.wall("local"), figures.wall("workers"))
    told = "" if clock is None else f"; {clock:.2f} for whole runs, start-up included"
    pair = figures.pair()
    told += "" if pair is None else f"; two bare passes at once are worth {pair:.2f} of one"
    yield Ratio(
        "workers",
        "one process / two, seconds on the clock of counting, screening, fetching and judging",
        "≥ 1.9", over(figures.stages("local"), figures.stages("workers")),
        f"means something on an idle machine only{told}",
    )  # fmt: skip
    peak = costs[str(posts)]["local"]["peak_mib"]
    quarter = costs.get(str(posts // 4))
    yield Ratio(
        "memory", "peak memory at 4 N / at N", "≤ 1.15",
        over(peak, quarter and quarter["local"]["peak_mib"]),
        f"{peak:.0f} MiB at {posts:,} posts, one worker",
    )  # fmt: skip
    tenth = costs.get(str(posts // 10))
    before = (
        None if tenth is None else 10 * (tenth["local"]["cpu_seconds"] - start_up(figures.told))
    )
    yield Ratio(
        "slope", "cost a post / the same at a tenth of the size", "≤ 1.15",
        over(figures.net("local"), before),
    )  # fmt: skip
    yield Ratio(
        "references", "against 100,000 names / against the shipped 14,000", "",
        over(figures.net("references"), figures.net("local")), "without building the index",
    )  # fmt: skip


def over(one: float | None, other: float | None) -> float | None:
    """Divide, where both were measured."""
    return None if one is None or not other else one / other


def plus(one: float | None, other: float | None) -> float | None:
    """Add, where both were measured."""
    return None if one is None or other is None else one + other


def less(one: float | None, other: float | None) -> float | None:
    """Subtract, where both were measured."""
    return None if one is None or other is None else one - other
