"""The check that no hit of the usual way is lost, on a small dataset with planted cases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.rules import Compiled
from auditor.text import Scanner
from bench.generate import Choices, write_dataset
from bench.losses import losses
from bench.platform import Shape
from bench.textpeers import rule_tests


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made")
    write_dataset(path, Shape(posts=2_000, accounts=100), Choices(planted=0.2))
    return path


def test_nothing_that_the_usual_way_has_is_lost(compiled: Compiled, dataset: Path) -> None:
    found = losses(compiled, dataset)
    assert found["hits"] > 1_000
    assert found["lost"] == found["asleep"] == 0


def test_a_list_that_nobody_scans_for_would_be_seen(compiled: Compiled, dataset: Path) -> None:
    deaf = replace(compiled, resources=replace(compiled.resources, scanner=Scanner({})))
    found = losses(deaf, dataset, 200)
    assert found["lost"] == found["hits"] > 0


def test_rules_on_profiles_are_not_tried_over_posts(compiled: Compiled) -> None:
    tests = {(test.rule, test.of) for test in rule_tests(compiled)}
    assert {("cure-claim", "posts"), ("post-title-claim", "posts")} <= tests
    assert {("advice-with-shop", "posts"), ("advice-with-shop", "profiles")} <= tests
    assert ("title-claim-unmatched", "profiles") in tests
    assert ("title-claim-unmatched", "posts") not in tests
