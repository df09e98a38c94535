"""The stages of a run on Spark: facts of all rows, statements over them, and a few rows again.

Posts stay where they are: facts are shuffled, and of the rows themselves only the wanted ones.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
from pyspark import Broadcast
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name
from pyspark.sql.pandas.types import from_arrow_schema

from auditor.copies import (
    CONTENTS,
    FIRSTS,
    MEMBERS,
    WANTED_TEXTS,
    limits,
    shared_members,
)
from auditor.model import Rejection
from auditor.rules import Compiled
from auditor.runs.copying import COPIED, TEXTS
from auditor.runs.facts import ACCOUNT_FACTS, CHANGE_FACTS, POST_FACTS
from auditor.runs.fetching import CONTENT_ROWS
from auditor.runs.judging import Judged
from auditor.runs.spark.functions import (
    JUDGED,
    SCREENED,
    WIRED,
    Rulebook,
    judge,
    read_members,
    read_texts,
    rulebook,
    screen,
    send,
    spell,
)
from auditor.runs.spark.inputs import Rows, file_names
from auditor.runs.spark.tables import SparkTables
from auditor.runs.stages import KEYS, LOST
from auditor.runs.statements import settling, statements, waking
from auditor.sources import KINDS, Kind

_FACTS: dict[Kind, pa.Schema] = {
    "accounts": ACCOUNT_FACTS,
    "posts": POST_FACTS,
    "changes": CHANGE_FACTS,
}
_OWNERS = "SELECT account, seen, alike FROM awake"
_WANTED: dict[Kind, str] = {
    "accounts": "SELECT slice, line FROM awake WHERE profile",
    "posts": "SELECT slice, line FROM wanted_posts",
    "changes": "SELECT c.slice, c.line FROM change_facts c JOIN awake a ON c.account = a.account",
}


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

    def screen(self) -> None:
        """Reduce all rows to facts."""
        tables = self.tables
        for kind in KINDS:
            schema = SCREENED[kind]
            if rows := self.rows.get(kind):
                found = tables.map(rows.frame, screen(rows.origin, self.shared), schema)
            else:
                found = self._empty(schema)
            good = tables.put(f"screened_{kind}", found).where("reason IS NULL")
            facts = good.select(*_FACTS[kind].names)
            tables.put(f"{kind[:-1]}_facts", self._once(kind, facts), hold=self._is_table(kind))
        posts = tables["screened_posts"].where("reason IS NULL AND digest_high IS NOT NULL")
        keys = [name for name in posts.columns if name.startswith(("digest_", "key"))]
        sketches = posts.select("post", F.col("author").alias("account"), *keys)
        tables.put("sketch_facts", self._once("posts", sketches), hold=False)
        opted_out = sorted(self.compiled.resources.references.opted_out)
        tables.take("opted_out", pa.table({"account": pa.array(opted_out, pa.string())}))

    def kept(self, kind: Kind) -> Counter[str]:
        """Return how many rows of each file are good."""
        rows = self.rows.get(kind)
        if rows is None:
            return Counter()
        good = self.tables[f"screened_{kind}"].where("reason IS NULL").groupBy("slice").count()
        names = file_names(rows)
        return Counter({names[row["slice"]]: row["count"] for row in good.collect()})

    def rejected(self) -> list[Rejection]:
        """Return the rows that were refused; a table has no lines to name."""
        found = []
        for kind in self.rows:
            bad = self.tables[f"screened_{kind}"].where("reason IS NOT NULL")
            for row in bad.select("slice", "line", "reason").collect():
                found.append(self._rejection(kind, row["slice"], row["line"], row["reason"]))
        return found

    def settle(self) -> list[Rejection]:
        """Leave one row for each account and post; return those that went with a word."""
        tables = self.tables
        tables.make(statements("contested"))
        lost: list[Rejection] = []
        for kind, key in KEYS.items():
            doubtful = tables[f"contested_{kind}"].select("slice", "line")
            if kind in self.rows and not doubtful.isEmpty():
                rows = self.rows[kind]
                spelled = tables.map(rows.wanted(doubtful), spell(rows.origin), CONTENT_ROWS)
                tables.put(f"{kind}_contents", self._once(kind, spelled))
            else:
                tables.put(f"{kind}_contents", self._empty(CONTENT_ROWS), hold=False)
            tables.make(settling(kind, key))
            gone = tables.sql(f"SELECT slice, line FROM lost_{kind} WHERE differs").collect()
            lost += [self._rejection(kind, row["slice"], row["line"], LOST) for row in gone]
        return lost

    def judge(self) -> None:
        """Find out who wakes, send their rows together and judge them (table ``judged``)."""
        tables = self.tables
        tables.make(waking(self.compiled))
        wanted = tables.sql(_OWNERS)
        for kind in KINDS:
            if rows := self.rows.get(kind):
                places = tables.sql(_WANTED[kind])
                sent = tables.map(rows.wanted(places), send(rows.origin), WIRED[kind])
            else:
                sent = self._empty(WIRED[kind])
            sent = sent.withColumnRenamed("row", kind)
            wanted = wanted.unionByName(sent, allowMissingColumns=True)
        together = wanted.repartition("account").sortWithinPartitions("account")
        tables.put("judged", tables.map(together, judge(self.shared, self.now), JUDGED))

    def judged(self, kind: str) -> DataFrame:
        """Return what judging gave of a kind, by account."""
        rows = self.tables["judged"].where(F.col("kind") == kind)
        return rows.orderBy("account", "place")

    def tally(self) -> Judged:
        """Return the counts of all tasks together."""
        found = Judged()
        for row in self.tables["judged"].where("kind = 'tally'").collect():
            told = json.loads(row["value"])
            for name in ("fired", "silenced", "open"):
                getattr(found, name).update(told[name])
            found.gaps.update({tuple(key): count for key, count in told["gaps"]})
            found.failures += told["failures"]
        found.failures.sort()
        return found

    def link(self) -> None:
        """Find groups of copies across accounts (table ``beside_firsts``)."""
        tables, known = self.tables, limits()
        wanted, members, beside = statements("copied")
        tables.make((CONTENTS, WANTED_TEXTS, wanted))
        texts = self._posts("wanted_contents", TEXTS)
        tables.put("texts", texts)
        tables.link(known.least_likeness)
        tables.make((MEMBERS, shared_members(known.least_accounts), members))
        tables.put("copied", self._posts("wanted_members", COPIED))
        tables.make((FIRSTS, beside))

    def _posts(self, places: str, schema: pa.Schema) -> DataFrame:
        """Read posts again, as contents or as members of groups."""
        rows = self.rows.get("posts")
        if rows is None:
            return self._empty(schema)
        wanted = self.tables[places]
        if schema is COPIED:
            work = read_members(rows.origin, self.shared)
            wanted = wanted.withColumnRenamed("verified", "verified_as")
        else:
            work = read_texts(rows.origin)
        found = self.tables.map(rows.wanted(wanted), work, schema)
        return found.dropDuplicates(["post"]) if rows.files is None else found

    def _rejection(self, kind: Kind, number: int, line: int, reason: str) -> Rejection:
        rows = self.rows[kind]
        shown = None if rows.files is None else line
        return Rejection(file=file_names(rows)[number], line=shown, kind=kind, reason=reason)

    def _is_table(self, kind: Kind) -> bool:
        rows = self.rows.get(kind)
        return rows is not None and rows.files is None

    def _once(self, kind: Kind, frame: DataFrame) -> DataFrame:
        """Rows of a table that say the same are one row: nothing tells them apart."""
        return frame.distinct() if self._is_table(kind) else frame

    def _empty(self, schema: pa.Schema) -> DataFrame:
        return self.spark.createDataFrame([], from_arrow_schema(schema))

    def release(self) -> None:
        """Forget everything that workers hold."""
        self.tables.release()
        self.shared.unpersist()
