"""rules.csv counts every account of a run that a rule could not look at, whether it woke or not."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import rulesets_directory
from auditor.references import load_references
from auditor.reports import read_rules_csv
from auditor.rules import Compiled, compile_ruleset, evaluate, load_ruleset
from auditor.rules.examples import NOW
from bench.overlays import write_lexical
from tests.runs.doors import batch_door, dossiers_of
from tests.runs.nights import Town

PERSONS = ["沈如许", "沈一帆", "陆晚舟", "陆知遥", "顾长风"]
FIRST: dict[str, dict[str, Any]] = {
    "own-followers": {"use": "followers_shown"},
    "own-age": {"use": "account_age", "least_days": 1},
    "own-lists": {"use": "profile_lists", "fields": ["monetisation", "shops"]},
}
"""First steps on fields that no shipped rule reads first."""


@pytest.fixture(scope="session")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """The shipped rules and some that begin with other fields of a profile."""
    overlay = write_lexical(tmp_path_factory.mktemp("overlay"), 1, PERSONS)
    (path,) = (overlay / "rules").iterdir()
    pattern = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, step in FIRST.items():
        fact = {"zh": "该账号的资料有所示内容。", "en": "The profile shows what is listed."}
        rule = pattern | {"id": name, "each": "account", "find": [step], "fact": fact}
        (path.parent / f"{name}.yml").write_text(
            yaml.safe_dump(rule, allow_unicode=True), encoding="utf-8"
        )
    shipped = rulesets_directory()
    ruleset = load_ruleset([shipped, overlay])
    return compile_ruleset(ruleset, load_references([shipped / "references"]))


profiles = st.fixed_dictionaries(
    {
        "name": st.sampled_from(("小满的阳台", "张律师说法", "人民曰报", "老李修锁13800138000")),
        "bio": st.sampled_from((None, "记录生活", "执业律师，民商事", "非官方，读者自建")),
        "verified": st.sampled_from((None, "none", "person")),
        "verified_label": st.sampled_from((None, "none", "执业律师")),
        "followers": st.sampled_from((None, 3, 5_000)),
        "created_at": st.sampled_from((None, "2020-01-01T00:00:00+08:00")),
        "monetisation": st.sampled_from((None, [], ["shop"])),
        "shops": st.sampled_from((None, [], ["小店"])),
        "organisation": st.sampled_from((None, "none")),
    }
)
texts = st.lists(
    st.sampled_from(("今天种了葱", "就是他，身份证11010519491231002X，记一下", "膏药根治颈椎病")),
    max_size=3,
)
has_profile = st.sampled_from((True, True, True, False))
drawn = st.lists(st.tuples(profiles, texts, has_profile), min_size=1, max_size=8)


def town_of(directory: Path, members: list[tuple[Any, list[str], bool]]) -> Town:
    """A dataset; an account without a profile is known from its posts, if it has any."""
    town = Town(directory, posts={"all": []})
    for number, (profile, said, has) in enumerate(members):
        key = {"platform": "p", "account_id": str(number)}
        if has or number == 0:
            town.accounts.append({**key, **profile})
        for place, text in enumerate(said):
            at = (NOW - timedelta(hours=place)).isoformat()
            post = {**key, "post_id": str(place), "text": text, "published_at": at}
            town.posts["all"].append(post)
    town.write()
    return town


def not_evaluated(run: Path) -> dict[str, int]:
    """The counts of rules.csv, but for zeros."""
    rows = read_rules_csv(run / "rules.csv")
    return {row.rule_id: row.not_evaluated for row in rows if row.not_evaluated}


@settings(max_examples=30, deadline=None)
@given(members=drawn)
def test_the_counts_are_what_evaluate_says_of_every_account(
    wider: Compiled, members: list[tuple[Any, list[str], bool]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        data, run = Path(name) / "data", Path(name) / "run"
        town_of(data, members)
        batch = batch_door(wider, data, run)
        told: Counter[str] = Counter()
        for dossier in dossiers_of(wider, data, list(batch.accounts)):
            judged = evaluate(wider, dossier, NOW)
            assert len(set(judged.open)) == len(judged.open)
            assert batch.accounts[dossier.account.key].not_evaluated == judged.not_evaluated
            told.update(judged.open)
        assert not_evaluated(run) == dict(told)


def test_sleeping_accounts_count_and_guards_of_a_row_do_not(
    wider: Compiled, tmp_path: Path
) -> None:
    full = {"bio": "记录生活", "verified": "none", "verified_label": "none", "followers": 3}
    full |= {"created_at": "2020-01-01T00:00:00+08:00", "monetisation": [], "shops": []}
    asleep = {"name": "小满的阳台", **full}
    unread = {"name": "小满的阳台", **full, "bio": None}
    look_alike = {"name": "人民曰报", **full, "verified": None, "verified_label": None}
    said = ["今天种了葱"]
    town_of(tmp_path / "data", [(one, said, True) for one in (asleep, unread, unread, look_alike)])
    batch_door(wider, tmp_path / "data", tmp_path / "run")
    counts = not_evaluated(tmp_path / "run")
    rows = {row.rule_id: row for row in read_rules_csv(tmp_path / "run" / "rules.csv")}
    assert counts["cue-contact"] == counts["title-claim-unmatched"] == 2
    assert rows["name-look-alike"].fired == 1
    assert "name-look-alike" not in counts
    assert "own-followers" not in counts


def test_who_is_known_from_posts_alone_was_not_looked_at_by_profile_rules(
    wider: Compiled, tmp_path: Path
) -> None:
    whole = {"name": "小满的阳台", "bio": "记录生活", "verified": "none"}
    town_of(tmp_path / "data", [(whole, [], True), (whole, ["今天种了葱"], False)])
    batch_door(wider, tmp_path / "data", tmp_path / "run")
    counts = not_evaluated(tmp_path / "run")
    assert counts["name-look-alike"] == counts["cue-contact"] == 1
    assert counts["resident-number-shown"] == counts["same-text-repeated"] == 1
    assert counts["own-followers"] == 2


@settings(max_examples=6, deadline=None)
@given(members=drawn)
def test_a_night_counts_as_a_whole_run(
    wider: Compiled, members: list[tuple[Any, list[str], bool]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        data = place / "data"
        town_of(data, members)
        for run in ("first", "again"):
            batch_door(wider, data, place / run, kept=place / "kept")
        batch_door(wider, data, place / "whole")
        assert len({(place / run / "rules.csv").read_bytes() for run in ("again", "whole")}) == 1
