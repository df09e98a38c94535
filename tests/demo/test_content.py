from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from auditor.demo import REFERENCES, Platform, read_planted, read_platform
from auditor.demo.content import DATA, read_entries, read_site
from auditor.errors import InputError, UsageError
from auditor.model import Change

# An event lasts 90 days at most and a demonstration runs by the clock: rename-to-event has none.
RULES = (
    "name-equals-reference",
    "name-look-alike",
    "name-reordered",
    "name-official-affix",
    "name-place-organ",
    "name-place-service",
    "name-news-word",
    "name-written-otherwise",
    "name-body-desk",
    "rename-to-reference",
    "rename-to-person",
    "bio-claims-official",
    "bio-claims-attached",
    "bio-claims-staff",
    "bio-claims-journalist",
    "bio-changed-to-official",
    "person-account-claimed",
    "profile-equals-closed",
    "title-claim-unmatched",
    "title-with-field-posts",
    "field-label-missing",
    "contact-in-name",
    "resident-number-shown",
    "personal-data-bundle",
    "same-text-repeated",
)
BANNED = [
    "违规",
    "违法",
    "造谣",
    "假冒",
    "仿冒",
    "冒充",
    "虚假",
    "不实",
    "伪造",
    "非法",
    "无资质",
    "水军",
    "恶意",
    "抄袭",
    "violation",
    "illegal",
    "fake",
    "forged",
    "impersonat",
    "unlicensed",
    "unqualified",
    "malicious",
    "troll",
]
INSULTS = ["傻", "蠢", "垃圾", "骗子", "混蛋", "废物", "贱", "滚蛋", "王八", "白痴", "脑残", "去死"]


def test_the_platform_is_about_as_large_as_a_small_town() -> None:
    platform = read_platform()
    platform.show_capture(2)
    accounts = platform.accounts()
    posts = [len(platform.posts(account.handle or "")) for account in accounts]
    assert len(accounts) >= 60
    assert sum(posts) >= 350
    assert min(posts) >= 3
    assert max(posts) <= 12


def test_ids_handles_and_names_are_each_carried_once() -> None:
    accounts = read_platform().accounts()
    for values in (
        [account.account_id for account in accounts],
        [account.handle for account in accounts],
        [account.name for account in accounts],
    ):
        assert [value for value, number in Counter(values).items() if number > 1] == []


def test_posts_have_ids_of_their_own_and_lie_in_the_weeks_before_the_captures() -> None:
    platform = read_platform()
    platform.show_capture(2)
    first, last = platform.site.captures
    posts = [post for one in platform.accounts() for post in platform.posts(one.handle or "")]
    assert len({post.post_id for post in posts}) == len(posts)
    times = [post.published_at for post in posts if post.published_at]
    assert len(times) == len(posts)
    assert max(times) <= last
    assert (first - min(times)).days < 60


def test_the_first_capture_shows_fewer_posts_and_earlier_names() -> None:
    platform = read_platform()
    before = {account.account_id: account.name for account in platform.accounts()}
    few = len(platform.posts("yanpu_ribao"))
    platform.show_capture(2)
    after = {account.account_id: account.name for account in platform.accounts()}
    assert few < len(platform.posts("yanpu_ribao"))
    assert before["1017"] == "小满的阳台"
    assert after["1017"] == "砚浦晚報"


def test_changes_are_what_differs_between_the_captures() -> None:
    changes = {(one.account_id, one.field): (one.before, one.after) for one in read_changes()}
    assert changes["1017", "name"] == ("小满的阳台", "砚浦晚報")
    assert changes["5002", "name"] == ("线团奶奶", "线团奶奶的毛线铺")
    assert ("5003", "avatar") in changes
    assert ("1001", "name") not in changes


def read_changes() -> tuple[Change, ...]:
    return read_platform().changes()


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_capture_that_does_not_exist_is_refused(number: int) -> None:
    with pytest.raises(UsageError, match="there is no capture"):
        read_platform().show_capture(number)


def test_some_pages_do_not_show_verification_and_others_show_that_there_is_none() -> None:
    states = Counter(account.verified for account in read_platform().accounts())
    assert states[None] >= 2
    assert states["none"] >= 20
    assert states["person"] >= 2
    assert states["media"] >= 5


def test_every_rule_has_a_planted_finding() -> None:
    assert sorted({one.rule_id for one in read_planted()}) == sorted(RULES)


def test_planted_findings_name_accounts_that_exist_and_say_why() -> None:
    known = {account.account_id for account in read_platform().accounts()}
    planted = read_planted()
    assert {one.account_id for one in planted} <= known
    assert all(one.reason for one in planted)
    assert len({(one.account_id, one.rule_id) for one in planted}) == len(planted)


def test_verified_and_listed_accounts_are_never_planted() -> None:
    planted = {one.account_id for one in read_planted()}
    marked = {
        account.account_id
        for account in read_platform().accounts()
        if account.verified not in (None, "none")
    }
    assert planted & marked == set()
    listed = (REFERENCES / "organisations.csv").read_text(encoding="utf-8")
    assert [one for one in sorted(planted) if f"banyan:{one}" in listed] == []


@pytest.mark.parametrize("word", [*BANNED, *INSULTS])
def test_the_data_holds_no_word_of_judgement_and_no_insult(word: str) -> None:
    files = [*DATA.glob("*.yml"), *REFERENCES.iterdir()]
    assert [path.name for path in files if word in path.read_text(encoding="utf-8")] == []


def test_an_unknown_field_is_refused_with_the_file_and_the_account(tmp_path: Path) -> None:
    assert "“noon” is no post" in fault_of(tmp_path, "posts: [noon]")
    message = fault_of(tmp_path, "posts: [], shoe_size: 43")
    assert "people.yml: account 7: " in message
    assert "shoe_size" in message


def fault_of(tmp_path: Path, rest: str) -> str:
    plan = (DATA / "platform.yml").read_text(encoding="utf-8")
    head, _, _ = plan.partition("account_files")
    (tmp_path / "platform.yml").write_text(f"{head}account_files: [people.yml]\n", "utf-8")
    row = f'- {{id: "7", handle: a, name: 阿七, created_at: 2024-01-01, {rest}}}\n'
    (tmp_path / "people.yml").write_text(row, "utf-8")
    with pytest.raises(InputError) as fault:
        read_entries(read_site(tmp_path), tmp_path)
    return str(fault.value)


def test_the_platform_can_be_read_from_any_directory(tmp_path: Path) -> None:
    for path in DATA.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    copy: Platform = read_platform(tmp_path)
    assert copy.accounts() == read_platform().accounts()
