"""Everything in the order in which a run does it, from posts to the rows of clusters.csv."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from auditor.copies import (
    BUCKETS,
    CONTENTS,
    FIRSTS,
    LISTS,
    MEMBERS,
    NEVER,
    SHARING,
    WANTED_TEXTS,
    Cluster,
    Limits,
    Marks,
    Member,
    cluster_of,
    jaccards,
    link,
    near_pairs,
    run_steps,
    shared_members,
)
from auditor.model import Post
from auditor.text import content
from tests.copies.conftest import Load, texts_table

START = datetime(2026, 11, 20, tzinfo=UTC)
LIMITS = Limits(20, 0.8, 3, 24, 0.5, 0.8, 20)
SHOP = "今晚八点直播间上新秋冬厚款棉拖鞋和毛绒坐垫，前一百单包邮到家，颜色有米白浅灰和焦糖三种"
PETITION = "榕树路小区电梯停运三个月，我们三百户业主联名请住建部门督促物业修好，老人每天爬十二楼"
WORDS = {"petition-words": ["联名"], "appeal-words": ["寻人"], "copy-exempt": ["公告"]}


def post(number: int, text: str, hours: float | None = None, account: int | None = None) -> Post:
    return Post(
        platform="p",
        account_id=str(number if account is None else account),
        post_id=str(number),
        text=text,
        published_at=START + timedelta(hours=number if hours is None else hours),
    )


POSTS = [
    post(0, SHOP, 5),
    post(1, f"{SHOP}！"),
    post(2, SHOP.replace("八点", "九点")),
    post(3, f"姐妹们{SHOP}"),
    post(4, SHOP, account=1),
    post(5, f"转自别处：{SHOP}"),
    *(post(number, PETITION) for number in range(10, 15)),
    *(post(number, f"第{number}天的阳台：{chr(0x4E00 + number) * 40}") for number in range(20, 24)),
]


@pytest.fixture
def clusters(load: Load) -> list[Cluster]:
    return run(load, POSTS)


def run(load: Load, posts: Sequence[Post]) -> list[Cluster]:
    """What the global stage of a run does; posts are numbered by their places."""
    contents = [content(one.text) for one in posts]
    numbers = {key: at for at, key in enumerate(dict.fromkeys(one.account_key for one in posts))}
    owners = [numbers[one.account_key] for one in posts]
    connection = load(contents, owners, LIMITS.least_characters)
    steps = (BUCKETS, CONTENTS, near_pairs(LIMITS.least_likeness), WANTED_TEXTS)
    run_steps(connection, steps)
    wanted = [at for (at,) in connection.execute("SELECT post FROM wanted_texts").fetchall()]
    connection.register("read_again", texts_table(contents, wanted))
    connection.execute("CREATE TABLE texts AS SELECT * FROM read_again")
    link(connection, LIMITS.least_likeness)
    run_steps(connection, (SHARING, MEMBERS, shared_members(LIMITS.least_accounts)))
    return list(finished(connection, posts, contents))


def finished(
    connection: duckdb.DuckDBPyConnection, posts: Sequence[Post], contents: Sequence[str]
) -> list[Cluster]:
    """Read the members again, mark them, compare them with the first, and make the rows."""
    members = connection.execute("SELECT post, cluster FROM shared_members").fetchall()
    marker = Marks({name: WORDS.get(name, ["转自"]) for name in LISTS}, [], LIMITS)
    own = [posts[at] for at, _ in members]
    marks = marker.of(
        [f"{one.title or ''}\n{one.text}" for one in own],
        [None] * len(own),
        [one.repost_of is not None for one in own],
    )
    copied = {
        "post": [at for at, _ in members],
        "cluster": [cluster for _, cluster in members],
        "kept": [not NEVER.intersection(some) for some in marks],
        "published_at": [one.published_at for one in own],
        "post_key": [one.key for one in own],
        "content": [contents[at] for at, _ in members],
    }
    connection.register("given_copied", pa.table(copied))
    connection.execute("CREATE TABLE copied AS SELECT * FROM given_copied")
    run_steps(connection, [FIRSTS])
    rows = connection.execute("""
        SELECT copied.post, copied.cluster, copied.content, first.content
        FROM copied LEFT JOIN firsts ON firsts.cluster = copied.cluster
        LEFT JOIN copied AS first ON first.post = firsts.first_post
        ORDER BY copied.cluster, copied.post""").fetchall()
    likeness = jaccards([row[2] for row in rows], [row[3] or row[2] for row in rows])
    marked = dict(zip(copied["post"], marks, strict=True))
    both = zip(rows, np.asarray(likeness).tolist(), strict=True)
    listed = [
        (row[1], Member(posts[row[0]].account_key, posts[row[0]].key, posts[row[0]].published_at,
                        near, marked[row[0]]))
        for row, near in both
    ]  # fmt: skip
    return [
        cluster_of([one for _, one in members], LIMITS)
        for _, members in groupby(listed, key=itemgetter(0))
    ]


def test_one_group_is_listed_and_the_petition_is_left_out(clusters: list[Cluster]) -> None:
    assert sorted(cluster.left_out for cluster in clusters) == ["", "petition"]


def test_its_rows_say_who_came_first_how_alike_and_what_speaks_against(
    clusters: list[Cluster],
) -> None:
    (rows,) = (list(cluster.rows()) for cluster in clusters if not cluster.left_out)
    assert [(row.post_id, row.role, row.against) for row in rows] == [
        ("p:1:1", "earliest_collected", ()),
        ("p:2:2", "later", ()),
        ("p:3:3", "later", ()),
        ("p:1:4", "own_copy", ()),
        ("p:0:0", "later", ()),
        ("p:5:5", "later", ("attributed",)),
    ]
    similarity = [row.similarity or 0 for row in rows]
    assert similarity[0] == similarity[3] == similarity[4] == 1
    assert all(0.8 <= one < 1 for one in (similarity[1], similarity[2], similarity[5]))
    assert {row.accounts_at_once for row in rows} == {4}


def test_the_order_of_the_posts_changes_no_row(load: Load, clusters: list[Cluster]) -> None:
    connection = load([])
    for table in ("texts", "copied"):
        connection.execute(f"DROP TABLE {table}")
    assert sorted(run(load, POSTS[::-1])) == sorted(clusters)
