"""The plot of the docs: posts against CPU seconds and memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.ratios import start_up

Told = Mapping[str, Any]

_LINES = (("bare", "bare pass"), ("local", "all rules, one worker"), ("all", "copies included"))


def write_plot(told: Told, path: Path) -> None:
    """Write an SVG with two panels; the same results give the same bytes."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "bench", "font.size": 9, "svg.fonttype": "none"})
    from matplotlib import pyplot as plt

    sizes = [int(size) for size in told["costs"] if size != "0"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for key, label in _LINES:
        have = [size for size in sizes if key in told["costs"][str(size)]]
        costs = [told["costs"][str(size)][key] for size in have]
        if not costs:
            continue
        aside = 0.0 if key == "bare" else start_up(told)
        left.loglog(have, [cost["cpu_seconds"] - aside for cost in costs], "o-", label=label)
        right.semilogx(have, [cost["peak_mib"] for cost in costs], "o-", label=label)
    left.set(xlabel="posts", ylabel="CPU seconds, start-up aside", title="Time")
    right.set(
        xlabel="posts", ylabel="MiB at the peak, all processes", title="Memory", ylim=(0, None)
    )
    for panel in (left, right):
        panel.grid(alpha=0.3)
        panel.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
