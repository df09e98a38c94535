"""Cost on paper beyond one machine: what was measured, carried on in a straight line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bench.ratios import Figures

Told = Mapping[str, Any]

DOLLARS_A_CORE_HOUR = 0.05
"""An assumption: an ordinary virtual core with 4 GiB, on demand, in a public cloud."""

NIGHT_HOURS = 4
FACT_BYTES = 44
"""A post's narrow facts as compressed Parquet (measured on one and ten million generated posts)."""

KEY_BYTES = 61
"""A post's sketch likewise: 116 bytes, and 52 in a hundred posts are long enough for one."""

_SIZES = (10**7, 10**8, 10**9, 10**10)


class Estimate(NamedTuple):
    """What an audit of so many posts needs; ``cores`` end it in one night."""

    posts: int
    core_hours: float
    cores: float
    input_gb: float
    shuffle_gb: float
    findings: float
    dollars: float


def estimates(told: Told) -> list[Estimate]:
    """Carry the measured cost a post on to each size."""
    figures = Figures(told)
    each = (figures.whole or 0.0) / figures.posts
    found = []
    for posts in _SIZES:
        hours = posts * each / 3600
        found.append(
            Estimate(
                posts,
                hours,
                hours / NIGHT_HOURS,
                posts * told["posts_bytes"] / figures.posts / 1e9,
                posts * (FACT_BYTES + KEY_BYTES) / 1e9,
                posts * told["findings"] / figures.posts,
                hours * DOLLARS_A_CORE_HOUR,
            )
        )
    return found


def scale_table(told: Told) -> Iterator[str]:
    """Yield the lines of the table."""
    figures = Figures(told)
    each = (figures.whole or 0.0) / figures.posts
    copies = "copies included" if figures.net("all") else "without copies across accounts"
    hours = _million_accounts(figures)
    yield (
        f"Measured: {each * 1e6:.1f} CPU µs a post ({figures.posts:,} posts, one worker, {copies}; "
        f"{told['made_on']}). A million accounts with "
        f"{figures.posts // figures.accounts} posts each cost "
        f"${hours * DOLLARS_A_CORE_HOUR:.3f} a full run "
        f"({hours:.2f} core-hours at ${DOLLARS_A_CORE_HOUR} each, an assumption)."
    )
    yield ""
    yield (
        f"| posts | core-hours | cores for a night of {NIGHT_HOURS} h | input, Parquet "
        "| narrow facts, if all were shuffled | rows in findings.csv | dollars a full run |"
    )
    yield "|---|---|---|---|---|---|---|"
    for one in estimates(told):
        yield (
            f"| 10^{len(str(one.posts)) - 1} | {one.core_hours:,.2f} | {one.cores:,.2f} "
            f"| {_bytes(one.input_gb)} | {_bytes(one.shuffle_gb)} | {one.findings:,.0f} "
            f"| {one.dollars:,.3f} |"
        )


def _million_accounts(figures: Figures) -> float:
    """Return the core-hours of a million accounts with as many posts as those measured."""
    return (figures.whole or 0.0) / figures.accounts * 1e6 / 3600


def _bytes(gigabytes: float) -> str:
    return f"{gigabytes / 1000:,.1f} TB" if gigabytes >= 1000 else f"{gigabytes:,.1f} GB"
