"""Rules, word lists and notices read from directories; every fault at once, with file:line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from auditor.errors import RulesetError
from auditor.model import Item, Notice
from auditor.rules.bundles import bundle_faults, expanded, named_bundle_faults, ranking_faults
from auditor.rules.checks import rule_faults, yielding_faults
from auditor.rules.schema import Bundle, Lexicon, RankTable, Rule
from auditor.rules.yamlfile import YamlFile, read_yaml

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Loaded(Generic[Model]):
    """A value with the file it came from."""

    value: Model
    file: YamlFile


@dataclass(frozen=True)
class Ruleset:
    """All rules in force, the word lists they use and the notices they cite."""

    rules: tuple[Rule, ...]
    lexicons: dict[str, Lexicon]
    notices: tuple[Notice, ...]
    sha256: str
    files: tuple[str, ...]
    locations: dict[str, str]
    ranking: tuple[RankTable, ...] = ()

    def item(self, item_id: str) -> tuple[Notice, Item]:
        """Return an item and its notice.

        Raises:
            KeyError: no loaded notice has the item.
        """
        for notice in self.notices:
            for item in notice.items:
                if item.item_id == item_id:
                    return notice, item
        raise KeyError(item_id)


@dataclass
class _Reading:
    """What the files hold while they are read; later directories replace by id."""

    faults: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rules: dict[str, Loaded[Rule]] = field(default_factory=dict)
    bundles: dict[str, Loaded[Bundle]] = field(default_factory=dict)
    ranking: dict[str, Loaded[RankTable]] = field(default_factory=dict)
    lexicons: dict[str, Loaded[Lexicon]] = field(default_factory=dict)
    notices: dict[str, Loaded[Notice]] = field(default_factory=dict)

    def add(self, kind: str, file: YamlFile, seen: dict[tuple[str, str], str]) -> None:
        """File the values of one file by kind."""
        match kind:
            case "rules":
                add(self.rules, Rule, file, "id", seen, self.faults)
            case "guards":
                add(self.bundles, Bundle, file, "id", seen, self.faults)
            case "ranking":
                add(self.ranking, RankTable, file, "id", seen, self.faults)
            case "lexicons":
                add(self.lexicons, Lexicon, file, "id", seen, self.faults)
            case _:
                add(self.notices, Notice, file, "notice_id", seen, self.faults)

    def check(self, items: dict[str, tuple[Notice, Item]]) -> None:
        """Add the faults that no file shows alone."""
        lexicons, bundles = set(self.lexicons), self.bundles
        self.faults.extend(item_faults(self.notices))
        for one in bundles.values():
            self.faults.extend(bundle_faults(one.value, one.file, lexicons))
        for table in self.ranking.values():
            self.faults.extend(ranking_faults(table.value, table.file, lexicons))
        known = {name: one.value for name, one in bundles.items()}
        rules = {name: one.value for name, one in self.rules.items()}
        for rule in self.rules.values():
            self.faults.extend(rule_faults(rule.value, rule.file, lexicons, items))
            self.faults.extend(named_bundle_faults(rule.value, rule.file, known))
            self.faults.extend(yielding_faults(rule.value, rule.file, rules))


def load_ruleset(directories: Sequence[Path], *, notices: Sequence[str] = ()) -> Ruleset:
    """Load the files of each directory by the kinds in ``KINDS``; later ones replace by id.

    A rule comes with the guards of the bundles that it names. ``notices`` keeps only rules that
    cite one of them. A rule with ``status: retired`` is left out.

    Raises:
        RulesetError: any fault in any file; the message lists all of them.
    """
    read, digest = _Reading(), hashlib.sha256()
    for directory in directories:
        if not directory.is_dir():
            read.faults.append(f"{directory.name}:1: the ruleset directory does not exist")
            continue
        seen: dict[tuple[str, str], str] = {}
        for kind, path in ruleset_files(directory, read.faults):
            name = f"{directory.name}/{path.relative_to(directory).as_posix()}"
            read.files.append(name)
            file, read_faults = read_yaml(path, name)
            read.faults.extend(read_faults)
            if file is None:
                continue
            digest.update(name.split("/", 1)[1].encode() + b"\0" + path.read_bytes() + b"\0")
            read.add(kind, file, seen)
    items = {item.item_id: (n.value, item) for n in read.notices.values() for item in n.value.items}
    read.check(items)
    if read.faults:
        raise RulesetError.of(read.faults)
    bundles = {name: one.value for name, one in read.bundles.items()}
    rules = [expanded(entry.value, bundles) for entry in read.rules.values()]
    return Ruleset(
        rules=chosen_rules(rules, items, notices),
        lexicons={key: entry.value for key, entry in sorted(read.lexicons.items())},
        notices=chosen_notices([entry.value for entry in read.notices.values()], notices),
        sha256=digest.hexdigest(),
        files=tuple(read.files),
        locations={key: entry.file.name for key, entry in read.rules.items()},
        ranking=tuple(entry.value for _, entry in sorted(read.ranking.items())),
    )


KINDS = ("lexicons", "notices", "guards", "ranking", "rules")
"""The folders of a ruleset directory."""


def ruleset_files(directory: Path, faults: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the YAML files of a ruleset directory with their kind, in a stable order."""
    is_empty = True
    for kind in KINDS:
        for path in sorted((directory / kind).glob("**/*.y*ml")):
            if path.suffix in (".yml", ".yaml") and not path.name.startswith("."):
                is_empty = False
                yield kind, path
    if is_empty:
        # A mistyped directory would otherwise run with the shipped rules and no word of it.
        faults.append(f"{directory.name}:1: holds no .yml under any of {', '.join(KINDS)}")


def add(
    into: dict[str, Loaded[Model]],
    model: type[Model],
    file: YamlFile,
    id_field: str,
    seen: dict[tuple[str, str], str],
    faults: list[str],
) -> None:
    """Validate a file (one value, or a list of them) and file its values by id."""
    entries = file.data if isinstance(file.data, list) else [file.data]
    if file.data is None:
        faults.append(f"{file.name}:1: the file is empty")
        return
    for index, entry in enumerate(entries):
        prefix: tuple[str | int, ...] = (index,) if isinstance(file.data, list) else ()
        part = YamlFile(file.name, entry, _below(file, prefix))
        try:
            value = model.model_validate(entry)
        except ValidationError as error:
            faults.extend(validation_faults(error, part))
            continue
        key = str(getattr(value, id_field))
        where = f"{file.name}:{part.line((id_field,))}"
        if (model.__name__, key) in seen:
            faults.append(f"{where}: the id “{key}” stands also at {seen[model.__name__, key]}")
        seen[model.__name__, key] = where
        into[key] = Loaded(value, part)


def _below(file: YamlFile, prefix: tuple[str | int, ...]) -> dict[tuple[str | int, ...], int]:
    size = len(prefix)
    if not size:
        return file.lines
    return {path[size:]: line for path, line in file.lines.items() if path[:size] == prefix}


def validation_faults(error: ValidationError, file: YamlFile) -> list[str]:
    """Return one ``file:line: path: message`` a fault; union tags are left out of the path."""
    faults = []
    for item in error.errors(include_url=False):
        path = real_path(item["loc"], file)
        label = ".".join(str(part) for part in path) or "file"
        faults.append(f"{file.name}:{file.line(path)}: {label}: {item['msg']}")
    return faults


def real_path(location: tuple[str | int, ...], file: YamlFile) -> tuple[str | int, ...]:
    """Drop the parts of a pydantic location that are names of union members, not of keys."""
    path: tuple[str | int, ...] = ()
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        if (*path, part) in file.lines or is_last:
            path = (*path, part)
    return path


def item_faults(notices: dict[str, Loaded[Notice]]) -> list[str]:
    """Return a fault for every item id that two notices share."""
    seen: dict[str, str] = {}
    faults = []
    for notice in notices.values():
        for index, item in enumerate(notice.value.items):
            where = f"{notice.file.name}:{notice.file.line(('items', index))}"
            if item.item_id in seen:
                faults.append(
                    f"{where}: the item “{item.item_id}” stands also at {seen[item.item_id]}"
                )
            seen[item.item_id] = where
    return faults


def chosen_rules(
    rules: Sequence[Rule], items: dict[str, tuple[Notice, Item]], notices: Sequence[str]
) -> tuple[Rule, ...]:
    """Return the rules in force, by id: not retired, and citing a chosen notice."""
    wanted = set(notices)
    kept = [
        rule
        for rule in rules
        if rule.status != "retired"
        and (not wanted or any(items[item][0].notice_id in wanted for item in rule.items))
    ]
    return tuple(sorted(kept, key=lambda rule: rule.id))


def chosen_notices(notices: Sequence[Notice], wanted: Sequence[str]) -> tuple[Notice, ...]:
    """Return the chosen notices, standing ones first.

    Raises:
        RulesetError: a wanted notice is not loaded.
    """
    known = {notice.notice_id for notice in notices}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise RulesetError(
            f"unknown notice {', '.join(unknown)}; loaded are {', '.join(sorted(known))}",
            "--notice",
        )
    kept = [notice for notice in notices if not wanted or notice.notice_id in wanted]
    return tuple(sorted(kept, key=lambda notice: (notice.validity == "ended", notice.notice_id)))
