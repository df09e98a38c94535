"""The table, the pages and the check, from results that are written down here."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import bench.__main__
from auditor.config import rulesets_directory
from auditor.rules import load_ruleset
from bench import check
from bench.measure import Cost, run_module
from bench.overlays import write_lexical
from bench.pages import BEGIN, END, replaced
from bench.ratios import per_million, ratios
from bench.scale import estimates, scale_table
from bench.table import render
from bench.truth import compared


def cost(cpu: float, wall: float = 1.0, peak: float = 100.0) -> dict[str, float]:
    return {"cpu_seconds": cpu, "wall_seconds": wall, "peak_mib": peak}


def told(**changed: Any) -> dict[str, Any]:
    each = {"pyahocorasick": 30.0, "jieba": 400.0, "usual_posts": 2500.0, "usual_profiles": 200.0,
            "extract_one": 1000.0, "datasketch": 300.0}  # fmt: skip
    of = {"usual_profiles": "profiles", "extract_one": "names"}
    return {
        "plan": {"rounds": 3},
        "made_on": "2026-11-26, 2 cores",
        "more_rules": 50,
        "largest": 1_000_000,
        "accounts": 50_000,
        "posts_bytes": 190_000_000,
        "findings": 250,
        "ways": {
            "local": {"what": "rules", "workers": 1},
            "all": {"what": "copies too", "workers": 1},
            "workers": {"what": "two", "workers": 2},
            "rules": {"what": "more rules", "workers": 1},
        },
        "costs": {
            "0": {"local": cost(2.0)},
            "100000": {"bare": cost(0.4), "local": cost(2.7)},
            "250000": {"bare": cost(1.0), "local": cost(4.0, peak=380.0)},
            "1000000": {
                "bare": cost(4.0),
                "validation": cost(0.4),
                "local": cost(10.0, wall=10.0, peak=400.0),
                "all": cost(17.0),
                "workers": cost(10.5, wall=5.0),
                "rules": cost(10.4),
            },
        },
        "hits": {"100000": 54_000, "250000": 135_000, "1000000": 540_000},
        "stages": {
            "local": {"read": 1.0, "screen": 6.0, "judge": 1.8, "wake": 1.0},
            "workers": {"read": 1.0, "screen": 3.0, "judge": 1.0, "wake": 0.9},
        },
        "peers": {
            name: {"what": name, "of": of.get(name, "posts"), "slice": 1_000, "microseconds": one}
            for name, one in each.items()
        },
        "truth": {"planted": {"a": 4}, "found": {"a": 3}, "others": {"b": 2}, "share": 0.75},
        **changed,
    }  # fmt: skip


EXPECTED = {
    "local": 2.0,
    "all": 3.75,
    "rule": 0.4 / 50 / 4.0,
    "validation": 0.4 / 8.0,
    "jieba": 15 / 400,
    "usual": (2500 + 50 + 10) / 8,
    "usual_all": (2500 + 50 + 10) / 15,
    "copies": 7 / 300,
    "workers": 7.8 / 4,
    "memory": 400 / 380,
    "slope": 8 / 7,
}


def test_ratios_are_those_of_the_goals() -> None:
    found = {one.key: one.value for one in ratios(told())}
    assert found == pytest.approx({**EXPECTED, "references": None})


def test_what_an_overlay_costs_to_load_is_no_cost_of_a_post() -> None:
    results = told()
    results["costs"]["0"]["rules"] = cost(2.3)
    found = {one.key: one.value for one in ratios(results)}
    assert found["rule"] == pytest.approx(0.1 / 50 / 4.0)


def test_what_a_further_post_costs_is_told_beside_the_whole() -> None:
    (local, *_) = ratios(told())
    assert local.note == "2.50 with start-up; 2.00 of each post beyond the first 250,000"
    without = told()
    del without["costs"]["250000"]
    assert ratios(without)[0].note == "2.50 with start-up"


def test_ratios_of_single_rounds_are_told_beside_that_of_the_least() -> None:
    rounds = [
        {"0": {"local": 2.0}, "1000000": {"bare": bare, "local": local}}
        for bare, local in [(4.0, 10.0), (5.0, 11.0), (4.0, 10.4)]
    ]
    (local, *_) = ratios(told(rounds=rounds))
    said = "2.00 in the middle of its rounds, 1.80 to 2.10"
    assert local.note == f"{said}; 2.50 with start-up; 2.00 of each post beyond the first 250,000"
    assert local.value == pytest.approx(2.0)


def far(**costs: float) -> dict[str, Any]:
    results = told(plan={"rounds": 5, "far": 10_000_000})
    results["costs"]["10000000"] = {key: cost(each, peak=800.0) for key, each in costs.items()}
    results["hits"]["10000000"] = 5_400_000
    results["rounds"] = [
        {"0": {"local": 2.0}, "1000000": {}, "10000000": dict(costs)},
        {"0": {"local": 2.0}, "1000000": {}},
    ]
    return results


def test_a_size_beyond_is_held_against_its_own_bare_pass_and_a_straight_line() -> None:
    results = far(bare=44.0, local=86.0, all=167.0)
    found = {one.key: one for one in ratios(results) if one.key.startswith("far")}
    assert {key: one.value for key, one in found.items()} == pytest.approx(
        {
            "far_local": 84 / 44,
            "far_all": 165 / 44,
            "far_slope_all": 165 / 150,
            "far_slope_local": 84 / 80,
        }
    )
    assert found["far_local"].note == (
        "1.91 in the middle of its rounds, 1.91 to 1.91; in 1 of the rounds"
    )
    assert found["far_slope_all"].note == "the bare pass 1.10; 800 MiB at the peak"
    text = render(results)
    assert "| 10,000,000 | 44.00 | 86.00 | 1.91 | 167.00 | 3.75 | 16.5 | 800 | 0.54 |" in text
    assert "far_slope" not in {one.key for one in ratios(told())}


def test_a_name_costs_what_is_told_against_lists_of_each_length() -> None:
    one = {
        "references": 14_000,
        "built_seconds": 0.5,
        "index": 1.724,
        "extract_one": 842.27,
        "cdist": 128.2,
    }
    assert "| 14,000 | 1.72 | 0.50 | 842.3 | 128.2 |" in render(told(growth=[one]))
    assert "names on the list" not in render(told())


def test_what_is_found_of_copies_stands_beside_what_they_cost() -> None:
    found = {
        "texts": 20_000,
        "pairs": 22_013,
        "likeness": 0.7,
        "recall": 0.99207,
        "precision": 1.0,
    }
    said = (
        "; of 20,000 texts with 22,013 pairs of likeness 0.7 or more recall is 0.992, precision 1.0"
    )
    assert said in render(told(copies=found))
    assert "recall" not in render(told())


def test_what_was_not_measured_is_told_as_such() -> None:
    bare = told(peers={}, stages={})
    bare["costs"]["1000000"].pop("all")
    found = {one.key: one.value for one in ratios(bare)}
    assert found["all"] is found["jieba"] is found["copies"] is None
    assert found["usual"] is found["usual_all"] is None
    assert found["local"] == 2.0
    assert "not measured" in render(bare)


def test_a_peer_that_is_not_installed_is_left_out() -> None:
    results = told()
    results["peers"]["jieba"]["microseconds"] = None
    assert "| jieba |  | not installed |  |" in render(results)


def test_the_table_says_what_the_usual_way_has_and_ours_has_not() -> None:
    found = {"texts": 1_000, "hits": 2_000, "lost": 0, "asleep": 3, "denied": 7}
    text = render(told(losses=found))
    assert "; of its 2,000 hits in 1,000 texts ours lacks 3 |" in text
    assert "the scan lacks 0; texts that sleep although a rule's first words stand there: 3" in text
    assert "ours lacks" not in render(told())


def test_rules_tried_where_nobody_would_are_told_apart() -> None:
    results = told()
    one = {"what": "all", "of": "posts", "slice": 1_000, "microseconds": 4_000.0}
    results["peers"]["usual_everywhere"] = one
    text = render(results)
    assert "| **320** | the usual way on slices; 506 where rules on profiles read posts too" in text
    assert "| **171** | it does not look for copies across accounts |" in text


def test_the_table_names_what_was_missed() -> None:
    text = render(told())
    assert "Planted cases found: 3 of 4 (75.0%); rows about nothing planted: 2." in text
    assert "Not found: a 1." in text


def test_cost_on_paper_is_a_straight_line() -> None:
    small, large, *_ = estimates(told())
    assert per_million(told()) == 15.0
    assert small.core_hours == pytest.approx(150 / 3600)
    assert large.core_hours == pytest.approx(10 * small.core_hours)
    assert "| 10^8 | 0.42 |" in "\n".join(scale_table(told()))


def test_a_page_keeps_what_stands_outside_its_marks() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replaced(page, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert replaced(replaced(page, "x"), "new") == replaced(page, "new")
    with pytest.raises(ValueError, match="no "):
        replaced("no marks", "new")


@pytest.mark.parametrize(
    ("looks", "code"),
    [
        ([{"a": 1.0, "b": 1.0}], 0),
        ([{"a": 1.29, "b": 1.0}], 0),
        ([{"a": 1.5, "b": 1.0}, {"a": 1.1, "b": 1.0}], 0),
        ([{"a": 1.5, "b": 1.0}, {"a": 1.4, "b": 1.0}, {"a": 1.2, "b": 1.0}], 0),
        ([{"a": 1.5, "b": 1.0}, {"a": 1.4, "b": 1.0}, {"a": 1.6, "b": 1.0}], 1),
        ([{"a": 1.0, "b": 1.0, "new": 50.0}], 0),
        ([{"a": 1.0, "named otherwise": 1.0}], 1),
        ([{"a": 1.5, "b": 1.0}, {"a": 1.0, "b": 1.5}], 0),
    ],
)
def test_a_ratio_must_be_worse_each_of_three_times(
    looks: list[dict[str, float]],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorded = tmp_path / "ratios.json"
    recorded.write_text(json.dumps({"a": 1.0, "b": 1.0}), encoding="utf-8")
    left = iter(looks)
    monkeypatch.setattr(check, "_RECORDED", recorded)
    monkeypatch.setattr(check, "measured", lambda _: next(left))
    assert check.check(tmp_path) == code
    assert next(left, None) is None


def test_the_recorded_ratios_are_named_as_they_are_measured() -> None:
    recorded = json.loads(check._RECORDED.read_text(encoding="utf-8"))
    assert set(recorded) == {
        "audit / bare pass",
        "start-up / bare pass",
        "audit's memory / bare pass's",
        "everything / bare pass",
        "a name / bare pass",
    }
    assert all(value > 0 for value in recorded.values())


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (["--far", "--rounds", "5"], ["results.json"]),
        (["--rounds", "5"], []),
        (["--sizes", "20000", "--rounds", "1"], []),
        (["--far", "--no-peers"], []),
        (["--sizes", "20000", "--json", "mine.json"], ["mine.json"]),
    ],
)
def test_no_table_of_another_size_takes_the_place_of_the_recorded_one(
    words: list[str], written: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bench.__main__.RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(sys, "argv", ["bench", *words])
    monkeypatch.setattr("bench.__main__.Suite.run", lambda _: told())
    assert bench.__main__.main() == 0
    assert [str(path) for path in Path().rglob("*.json")] == written


def test_a_command_is_measured_with_what_it_says() -> None:
    found, said = run_module(["bench.generate", "--help"])
    assert "seeded" in said
    assert found.cpu_seconds > 0
    assert found.least(Cost(0.0, 9.0, 9e9)) == Cost(0.0, found.wall_seconds, 9e9)


def test_a_command_that_fails_ends_the_bench() -> None:
    with pytest.raises(SystemExit, match="ended with 2"):
        run_module(["bench.generate", "--no-such-word"])


def test_overlays_are_rules_that_the_loader_takes(tmp_path: Path) -> None:
    persons = [f"赵{sign}云" for sign in "青白红黄黑紫绿蓝灰橙"]
    overlay = write_lexical(tmp_path / "more", 2, persons)
    shipped = rulesets_directory()
    before = {rule.id for rule in load_ruleset([shipped]).rules}
    after = {rule.id for rule in load_ruleset([shipped, overlay]).rules}
    assert after - before == {"bench-words-000", "bench-words-001"}
    assert not before - after


def test_findings_are_held_against_the_truth(tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth/planted.csv").write_text(
        "account_id,post_id,rules\nb:1,,x | y\nb:2,,x | y\nb:3,7,z\n", encoding="utf-8"
    )
    (tmp_path / "findings.csv").write_text(
        "account_id,rule_id\nb:1,y\nb:2,z\nb:3,z\nb:9,q\n", encoding="utf-8-sig"
    )
    found = compared(tmp_path, tmp_path)
    assert found.planted == {"x": 2, "z": 1}
    assert found.found == {"x": 1, "z": 1}
    assert found.others == {"z": 1, "q": 1}
    assert found.share == pytest.approx(2 / 3)
