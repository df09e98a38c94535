"""Benchmarks: ratios to the bare pass in the same run, never timed tests."""
