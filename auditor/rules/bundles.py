"""Guards that several rules share, laid into the rules that name them; and their own faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.detectors import Detector
from auditor.rules.checks import list_faults, note_faults
from auditor.rules.schema import Bundle, RankTable, Rule
from auditor.rules.wording import COMMON, banned_words
from auditor.rules.yamlfile import Path_, YamlFile


def expanded(rule: Rule, bundles: Mapping[str, Bundle]) -> Rule:
    """Return a rule with the guards of its bundles after its own, in the order it names them."""
    if not rule.guards:
        return rule
    named = [bundles[name] for name in rule.guards]
    unless = [step for bundle in named for step in bundle.unless]
    against = [entry for bundle in named for entry in bundle.against]
    return rule.model_copy(
        update={"unless": (*rule.unless, *unless), "against": (*rule.against, *against)}
    )


def named_bundle_faults(rule: Rule, file: YamlFile, bundles: Mapping[str, Bundle]) -> Iterator[str]:
    """Yield bundles that do not exist, and what a bundle asks of the rule that names it."""
    for index, name in enumerate(rule.guards):
        where = f"{file.name}:{file.line(('guards', index))}"
        if name not in bundles:
            known = ", ".join(sorted(bundles)) or "none"
            yield f"{where}: there are no guards “{name}” (guards/{name}.yml); known are {known}"
        elif rule.fact_unknown is None and _asks_verification(bundles[name].unless):
            yield f"{where}: a rule that asks for verification also needs fact_unknown"


def bundle_faults(bundle: Bundle, file: YamlFile, lexicons: set[str]) -> Iterator[str]:
    """Yield every fault of a bundle as ``file:line: message``."""
    places: list[tuple[Path_, Detector]] = [
        *((("unless", index), step) for index, step in enumerate(bundle.unless)),
        *((("against", index), entry.step) for index, entry in enumerate(bundle.against)),
    ]
    found: list[tuple[Path_, str]] = [
        *_said(bundle.id, bundle.title.zh, bundle.title.en),
        # What the rules find is not known here: a note may use its own step's words alone.
        *note_faults(bundle.against, COMMON),
        *list_faults(places, lexicons),
    ]
    for path, step in places:
        if not step.guard:
            found.append((path, "a guard names what it stands for: guard: G-…"))
    if not places:
        found.append(((), "holds neither unless nor against"))
    yield from (f"{file.name}:{file.line(path)}: {message}" for path, message in found)


def ranking_faults(table: RankTable, file: YamlFile, lexicons: set[str]) -> Iterator[str]:
    """Yield every fault of a table of points as ``file:line: message``."""
    places = [(("parts", index), part.step) for index, part in enumerate(table.parts)]
    found: list[tuple[Path_, str]] = [
        *_said(table.id, table.title.zh, table.title.en),
        *list_faults(places, lexicons),
    ]
    for index, part in enumerate(table.parts):
        texts = (part.id, part.reason.zh, part.reason.en)
        found += [(("parts", index), message) for _, message in _said(*texts)]
    yield from (f"{file.name}:{file.line(path)}: {message}" for path, message in found)


def _said(*texts: str) -> Iterator[tuple[Path_, str]]:
    for word in (word for text in texts for word in banned_words(text)):
        yield ("title",), f"machine text never says “{word}” (rules state facts, not verdicts)"


def _asks_verification(steps: Sequence[Detector]) -> bool:
    return any(step.model_dump()["use"] == "verified_as" for step in steps)
