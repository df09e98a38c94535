"""The stages of a run on Spark: facts of all rows, statements over them, and a few rows again.

Posts stay where they are: facts are shuffled, and of the rows themselves only the wanted ones.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from uuid import uuid4

import pyarrow as pa
from pyspark import Broadcast, inheritable_thread_target
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name
from pyspark.sql.pandas.types import from_arrow_schema

from auditor.copies import (
    CONTENTS,
    FIRSTS,
    MEMBERS,
    PIECES,
    SHARED,
    SHARING,
    TEXTS,
    limits,
    near_pairs,
    shared_keys,
    shared_members,
)
from auditor.model import Rejection
from auditor.rules import READ_OF_POSTS, Compiled
from auditor.runs.across import COMPARED
from auditor.runs.copying import COPIED, COPYABLE
from auditor.runs.facts import ACCOUNT_FACTS, CHANGE_FACTS, POST_FACTS
from auditor.runs.fetching import CONTENT_ROWS
from auditor.runs.groups import GROUP_ROWS
from auditor.runs.judging import Judged
from auditor.runs.spark.functions import (
    LAID,
    WIRED,
    compare_members,
    group,
    lay_down,
    mark,
    send,
    spell,
)
from auditor.runs.spark.judging import JUDGED, added, judge
from auditor.runs.spark.rows import Rows, Work
from auditor.runs.spark.rulebook import Rulebook, rulebook
from auditor.runs.spark.screening import SCREENED, screen
from auditor.runs.spark.tables import SparkTables
from auditor.runs.stages import KEYS, LOST
from auditor.runs.statements import settling, sharing, statements, waking
from auditor.sources import KINDS, Kind

_FACTS: dict[Kind, pa.Schema] = {
    "accounts": ACCOUNT_FACTS,
    "posts": POST_FACTS,
    "changes": CHANGE_FACTS,
}
_SKETCH = ("digest_high", "digest_low", "bits")
_OWNERS = "SELECT account, seen, alike FROM awake"
_WANTED: dict[Kind, str] = {
    "accounts": "SELECT slice, line FROM awake WHERE profile",
    "posts": "SELECT slice, line FROM wanted_posts",
    "changes": "SELECT c.slice, c.line FROM change_facts c JOIN awake a ON c.account = a.account",
}


Refuse = Callable[[Iterable[Rejection]], None]
"""Takes in rows that were not read, or went with a word, as they come."""


@dataclass
class Noted:
    """What screening told beside the facts; ``kept`` counts the good rows by the name of origin."""

    unknown: set[str] = field(default_factory=set)
    incomplete: bool = False
    kept: dict[Kind, Counter[str]] = field(default_factory=dict)


@dataclass
class Engine:
    """One run on Spark."""

    spark: SparkSession
    compiled: Compiled
    rows: Mapping[Kind, Rows]
    now: datetime
    scratch: str
    tables: SparkTables = field(init=False)
    shared: Broadcast[Rulebook] = field(init=False)

    def __post_init__(self) -> None:
        """Send the rules to the workers once."""
        self.tables = SparkTables(self.spark, self.scratch)
        self.shared = self.spark.sparkContext.broadcast(rulebook(self.compiled))

    def screen(self, refuse: Refuse) -> Noted:
        """Reduce all rows to facts; ``refuse`` the others; return what else was told of them."""
        tables, noted = self.tables, Noted()
        for kind, screened in self._screened_together().items():
            if rows := self.rows.get(kind):
                refuse(self._noted(rows, screened, noted))
            facts = screened.where("note IS NULL").select(*_FACTS[kind].names)
            table = self._once(kind, facts)
            tables.put(f"{kind[:-1]}_facts", table, hold=table is not facts)
            if kind == "posts":
                posts = screened.where("digest_high IS NOT NULL")
                sketches = posts.select("post", F.col("author").alias("account"), *_SKETCH)
                tables.put("sketch_facts", self._once("posts", sketches), hold=False)
        opted_out = sorted(self.compiled.resources.references.opted_out)
        tables.take("opted_out", pa.table({"account": pa.array(opted_out, pa.string())}))
        return noted

    def _screened_together(self) -> dict[Kind, DataFrame]:
        """Screen all kinds at once: one slice of accounts would keep all workers but one waiting.

        Where one fails, whichever it is, the jobs of the others end.
        """
        context, tag = self.spark.sparkContext, f"auditor-{uuid4().hex}"

        def work(kind: Kind) -> DataFrame:
            """Screen a kind in jobs that bear the tag; the thread is of this stage alone."""
            context.addJobTag(tag)
            return self._screened(kind)

        with ThreadPoolExecutor(len(KINDS)) as threads:
            inheriting = inheritable_thread_target(self.spark)(work)
            screened = {kind: threads.submit(inheriting, kind) for kind in KINDS}
            ended, _ = wait(screened.values(), return_when=FIRST_EXCEPTION)
            # What fails for having been cancelled is not what is told.
            failed = [each for each in screened.values() if each in ended and each.exception()]
            if failed:
                context.cancelJobsWithTag(tag)
                failed[0].result()
            return {kind: each.result() for kind, each in screened.items()}

    def _screened(self, kind: Kind) -> DataFrame:
        """Return what screening gives of a kind but for the pieces, which are table ``pieces``."""
        rows = self.rows.get(kind)
        if rows is None:
            screened = self._empty(SCREENED[kind])
        else:
            found = rows.every(screen(kind, self.shared, self._parts), SCREENED[kind])
            screened = self.tables.put(f"screened_{kind}", found)
        if kind != "posts":
            return screened
        pieces = screened.where("part IS NOT NULL").select(*PIECES.names)
        self.tables.put("pieces", pieces, hold=False)
        return screened.where("part IS NULL")

    def _noted(self, rows: Rows, screened: DataFrame, noted: Noted) -> Iterator[Rejection]:
        """Add up what was noted of the rows of a kind; yield those that were refused."""
        kept = noted.kept.setdefault(rows.kind, Counter())
        line = F.when(F.col("note").isNotNull(), F.col("line")).alias("line")
        for row in screened.groupBy("slice", line, "note").count().toLocalIterator():
            if row["note"] is None:
                kept[rows.names[row["slice"]]] += row["count"]
                continue
            told = json.loads(row["note"])
            if "reason" in told:
                refused = _rejection(rows, row["slice"], row["line"], told["reason"])
                yield from repeat(refused, row["count"])
            noted.unknown.update(told.get("unknown", ()))
            noted.incomplete = noted.incomplete or "incomplete" in told

    def settle(self, refuse: Refuse) -> None:
        """Leave one row for each account and post; ``refuse`` those that go with a word."""
        tables = self.tables
        self._share()
        tables.make((*sharing(), *statements("contested")))
        for kind, key in KEYS.items():
            doubtful = tables[f"contested_{kind}"].select("slice", "line")
            rows = self.rows.get(kind)
            if rows is None or doubtful.isEmpty():
                tables.put(f"{kind}_contents", self._empty(CONTENT_ROWS), hold=False)
                tables.make(settling(kind, key), held=())
                continue
            spelled = rows.wanted(doubtful, spell(kind), CONTENT_ROWS)
            tables.put(f"{kind}_contents", self._once(kind, spelled))
            tables.make(settling(kind, key))
            lost = tables[f"lost_{kind}"].where("differs").select("slice", "line")
            gone = lost.toLocalIterator()
            refuse(_rejection(rows, row["slice"], row["line"], LOST) for row in gone)

    def _share(self) -> None:
        """Find what several posts have in common (table ``shared``), all of one key together.

        Before rows are lost: the names of posts are asked for with the keys of their texts.
        """
        tables = self.tables
        # With a number, Spark does not put small partitions together.
        pieces = tables["pieces"].repartition(self._parts, "part")
        together = pieces.sortWithinPartitions("part", "band")
        tables.put("shared", tables.map(together, shared_keys, SHARED))

    def judge(self, *, across: bool) -> None:
        """Find out who wakes, send their rows together and judge them (table ``judged``).

        What ``link`` will ask of posts is read with them where it looks ``across`` accounts.
        """
        tables = self.tables
        tables.make(waking(self.compiled))
        if across:
            self._lay_down()
        wanted = tables.sql(_OWNERS)
        for kind in KINDS:
            if kind == "posts" and across:
                sent = tables["laid"].where("row IS NOT NULL").select(*WIRED[kind].names)
            else:
                fields = READ_OF_POSTS if kind == "posts" else None
                places = tables.sql(_WANTED[kind])
                sent = self._wanted(kind, places, send(kind), WIRED[kind], fields)
            sent = sent.withColumnRenamed("row", kind)
            wanted = wanted.unionByName(sent, allowMissingColumns=True)
        # With a number, Spark does not put small partitions together: judging is dear by the byte.
        together = wanted.repartition(self._parts, "account").sortWithinPartitions("account")
        tables.put("judged", tables.map(together, judge(self.shared, self.now), JUDGED))

    def _lay_down(self) -> None:
        """Read the posts that are judged and those that may be copies, once (table ``laid``)."""
        tables = self.tables
        asked, _ = statements("laid")
        tables.make((asked,))
        asked_posts = tables["asked_posts"]
        rows = self._wanted("posts", asked_posts, lay_down, LAID, READ_OF_POSTS)
        laid = tables.put("laid", rows)
        posts = self._each_post(laid.where("post IS NOT NULL").select(*COPYABLE.names))
        tables.put("copyable_posts", posts, hold=False)

    @property
    def _parts(self) -> int:
        return int(self.spark.conf.get("spark.sql.shuffle.partitions") or 200)

    def judged(self, kind: str) -> DataFrame:
        """Return what judging gave of a kind, by account."""
        rows = self.tables["judged"].where(F.col("kind") == kind)
        return rows.orderBy("account", "place")

    def tally(self) -> Judged:
        """Return the counts of all tasks together."""
        tallies = self.tables["judged"].where("kind = 'tally'").collect()
        return added(row["value"] for row in tallies)

    def link(self) -> None:
        """Find groups of copies across accounts (table ``groups_across``)."""
        tables, known = self.tables, limits()
        tables.make((CONTENTS, near_pairs(known.least_likeness)))
        tables.put("texts", tables["copyable_posts"].select(*TEXTS.names), hold=False)
        tables.link(known.least_likeness)
        (_, members), (_, *beside) = statements("laid"), statements("copied")
        tables.make((SHARING, MEMBERS, shared_members(known.least_accounts), members))
        copied = tables.map(tables["laid_members"], mark(self.shared), COPIED)
        tables.put("copied", copied)
        tables.make((FIRSTS, *beside))
        near = tables.map(tables["beside_firsts"], compare_members, COMPARED)
        # One group is one task's: there is no number of rows that tells how many there are.
        together = near.repartition(self._parts, "cluster")
        ordered = together.sortWithinPartitions("cluster", "post_key")
        tables.put("groups_across", tables.map(ordered, group, GROUP_ROWS))

    def groups(self) -> DataFrame:
        """Return the rows of clusters.csv (``GROUP_ROWS``), in no order."""
        own = self.tables["judged"].where("kind = 'cluster'")
        names = GROUP_ROWS.names[:-1]
        told = [F.get_json_object("value", f"$.{name}").alias(name) for name in names]
        rows = own.select(*told, F.col("value").alias("row"))
        across = self.tables.get("groups_across")
        return rows if across is None else rows.unionByName(across)

    def _wanted(
        self,
        kind: Kind,
        places: DataFrame,
        work: Work,
        schema: pa.Schema,
        fields: Collection[str] | None = None,
    ) -> DataFrame:
        rows = self.rows.get(kind)
        return self._empty(schema) if rows is None else rows.wanted(places, work, schema, fields)

    def _once(self, kind: Kind, frame: DataFrame) -> DataFrame:
        """Rows of a table that say the same are one row: nothing tells them apart."""
        rows = self.rows.get(kind)
        return frame if rows is None or rows.numbered else frame.distinct()

    def _each_post(self, frame: DataFrame) -> DataFrame:
        rows = self.rows.get("posts")
        return frame if rows is None or rows.numbered else frame.dropDuplicates(["post"])

    def _empty(self, schema: pa.Schema) -> DataFrame:
        # Of a table that says it is empty Spark takes every join away; of one with no rows, none.
        return self.spark.createDataFrame([], from_arrow_schema(schema)).where("false")

    def release(self) -> None:
        """Forget everything that workers hold."""
        self.tables.release()
        self.shared.unpersist()


def _rejection(rows: Rows, number: int, line: int, reason: str) -> Rejection:
    shown = line if rows.numbered else None
    return Rejection(file=rows.names[number], line=shown, kind=rows.kind, reason=reason)
