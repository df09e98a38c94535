"""``python -m bench.sinks``: what it costs to keep values, beside an SQLModel session.

One table: the session (``add_all`` of table objects, one commit) and the store, from the same
values in hand to the committed rows. SQLite always; PostgreSQL where a server is named by
``AUDITOR_TEST_POSTGRES`` or its programs are found. CPU is this process's (SQLite works in it,
a server does not); the least of the rounds, which take turns.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, SQLModel

from auditor.model import Account, Finding, Post, Run
from auditor.store import Store, open_store
from auditor.store.captures import digest_of
from auditor.store.tables import AccountTable, FindingTable, PostTable, SnapshotTable
from tests.store.cluster import MISSING, database, server

_V = TypeVar("_V")
START = datetime(2026, 1, 1, tzinfo=UTC)
RUN = Run.model_validate(
    {
        "run_id": "r",
        "schema_version": "1",
        "tool_version": "0",
        "command": ("audit",),
        "now": START.isoformat(),
        "started_at": START.isoformat(),
    }
)


@dataclass(frozen=True)
class Task:
    """Values of one kind, and the two ways to keep them."""

    name: str
    rows: int
    session: Callable[[], Iterator[SQLModel]]
    ours: Callable[[Store], None]
    before: Callable[[Store], None]


@dataclass
class Cost:
    """Seconds of one task done once: CPU of this process, and from start to end."""

    cpu: float
    wall: float


def findings(number: int) -> list[Finding]:
    """Findings as the sample run writes them (about 2,800 characters each)."""
    lines = (Path(__file__).parent.parent / "output/sample/findings.jsonl").read_text("utf-8")
    read = [json.loads(line) for line in lines.splitlines()]
    sample = [Finding.model_validate({"class_": row.pop("class"), **row}) for row in read]
    return [
        sample[n % len(sample)].model_copy(
            update={
                "finding_id": f"{n * 0x9E3779B97F4A7C15 % (1 << 64):016x}",
                "account_id": f"weibo:{n // 3}",
            }
        )
        for n in range(number)
    ]


def accounts(number: int) -> list[Account]:
    """Profiles with a name, a biography and counts."""
    return [
        Account(
            platform="weibo",
            account_id=f"{n:010d}",
            name=f"某地发布{n}",
            bio=f"这里是第{n}个账号的简介，关注本地新闻与生活。",
            avatar=f"https://weibo.example/a/{n}.jpg",
            url=f"https://weibo.example/u/{n}",
            verified="none",
            followers=n,
            fetched_at=START + timedelta(seconds=n),
        )
        for n in range(number)
    ]


def posts(number: int) -> list[Post]:
    """Posts of about a hundred characters."""
    return [
        Post(
            platform="weibo",
            account_id=f"{n // 20:010d}",
            post_id=f"{n:012d}",
            text=f"第{n}条：" + "今天本地天气很好，市民在公园里散步。" * 5,
            published_at=START + timedelta(seconds=n),
            fetched_at=START,
            views=n,
        )
        for n in range(number)
    ]


def _finding_rows(values: Sequence[Finding]) -> Iterator[SQLModel]:
    for position, value in enumerate(values):
        yield FindingTable(
            run_id=RUN.run_id,
            finding_id=value.finding_id,
            position=position,
            account_id=value.account_id,
            rule_id=value.rule_id,
            priority=value.priority,
            delta=value.delta,
            status=value.status,
            text_id=None,
            data=value.model_dump(mode="json"),
        )


def _account_rows(values: Sequence[Account]) -> Iterator[SQLModel]:
    for value in values:
        data = value.model_dump(mode="json", exclude_none=True)
        digest, at = digest_of(value), value.fetched_at
        known = {"name": str(value.name), "bio": str(value.bio)}
        yield AccountTable(
            platform=value.platform,
            account_id=value.account_id,
            digest=digest,
            fetched_at=at,
            first_seen=at,
            known=known,
            data=data,
        )
        yield SnapshotTable(
            platform=value.platform,
            account_id=value.account_id,
            digest=digest,
            first_seen=at,
            last_seen=at,
            seen_count=1,
            data=data,
        )


def _post_rows(values: Sequence[Post]) -> Iterator[SQLModel]:
    for value in values:
        yield PostTable(
            platform=value.platform,
            account_id=value.account_id,
            post_id=value.post_id,
            digest=digest_of(value),
            published_at=value.published_at,
            fetched_at=value.fetched_at,
            data=value.model_dump(mode="json", exclude_none=True),
        )


def tasks(number: int) -> list[Task]:
    """What is measured, ``number`` values each."""
    found, profiles, entries = findings(number), accounts(number), posts(number)
    return [
        Task(
            "findings of a run",
            number,
            lambda: _finding_rows(found),
            lambda store: store.save_findings(RUN.run_id, found),
            lambda store: store.save_run(RUN),
        ),
        Task(
            "profiles with their snapshots",
            number,
            lambda: _account_rows(profiles),
            lambda store: _each(store.save_accounts, profiles),
            _nothing,
        ),
        Task(
            "posts",
            number,
            lambda: _post_rows(entries),
            lambda store: _each(store.save_posts, entries),
            _nothing,
        ),
    ]


def _nothing(store: Store) -> None:
    """All is ready."""
    del store


def _each(save: Callable[[Sequence[_V]], object], values: Sequence[_V]) -> None:
    for start in range(0, len(values), 8_192):  # the batches of an import
        save(values[start : start + 8_192])


def measured(task: Task, url: str, way: str) -> Cost:
    """Do a task once in an empty database."""
    with open_store(url) as store:
        task.before(store)
        cpu, wall = time.process_time(), time.perf_counter()
        if way == "session":
            with Session(store._engines.writer) as session:  # noqa: SLF001
                session.add_all(task.session())
                session.commit()
        else:
            task.ours(store)
        return Cost(time.process_time() - cpu, time.perf_counter() - wall)


@contextmanager
def databases() -> Iterator[dict[str, Callable[[ExitStack], str]]]:
    """Yield, by name of the database, how an empty one is made and let go."""
    with tempfile.TemporaryDirectory() as name, server() as url:
        names = iter(range(1 << 30))

        def sqlite(stack: ExitStack) -> str:
            path = Path(name) / f"{next(names)}.db"
            stack.callback(path.unlink)
            return f"sqlite:///{path}"

        kinds: dict[str, Callable[[ExitStack], str]] = {"SQLite": sqlite}
        if url is None:
            print(MISSING)
        else:

            def postgresql(stack: ExitStack) -> str:
                made = stack.enter_context(database(url, f"sinks_{next(names)}"))
                return made.render_as_string(hide_password=False)

            kinds["PostgreSQL"] = postgresql
        yield kinds


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    words = parser.parse_args()
    print(f"{words.rows} values of a kind, least of {words.rounds} rounds")
    print(
        "| database | what | way | CPU µs a value | values/s CPU | values/s wall "
        "| ratio CPU | wall |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with databases() as kinds:
        for kind, make in kinds.items():
            for task in tasks(words.rows):
                costs: dict[str, list[Cost]] = {"session": [], "store": []}
                for _ in range(words.rounds):
                    for way, each in costs.items():
                        with ExitStack() as stack:
                            each.append(measured(task, make(stack), way))
                _print(kind, task, costs)


def _print(kind: str, task: Task, costs: dict[str, list[Cost]]) -> None:
    least = {
        way: Cost(min(c.cpu for c in each), min(c.wall for c in each))
        for way, each in costs.items()
    }
    for way, cost in least.items():
        ratio, wall = least["session"].cpu / cost.cpu, least["session"].wall / cost.wall
        said = "SQLModel session" if way == "session" else "**the store**"
        cells = (f"{cost.cpu / task.rows * 1e6:.1f}", f"{task.rows / cost.cpu:,.0f}")
        print(
            f"| {kind} | {task.name} | {said} | {' | '.join(cells)} | "
            f"{task.rows / cost.wall:,.0f} | {ratio:.1f} × | {wall:.1f} × |",
            flush=True,
        )


if __name__ == "__main__":
    main()
