"""What a program took is told, also of a moment at which nobody looked."""

from __future__ import annotations

from bench.measure import run_module

HELD_BRIEFLY = "import time; held = b'x' * (300 << 20); del held; time.sleep(1)"


def test_what_a_program_holds_for_a_moment_counts() -> None:
    cost, _ = run_module(["timeit", "-n", "1", "-r", "1", "-s", HELD_BRIEFLY, "pass"])
    assert 300 < cost.peak_mib < 400
    assert cost.cpu_seconds > 0
    assert cost.wall_seconds > 1
