"""Identifiers in names and posts: contacts, resident numbers, personal data side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from auditor.detectors.base import (
    Anchor,
    Detector,
    Found,
    Match,
    Missing,
    Subject,
    TextField,
    View,
    lexicon_ids,
    text_of,
)
from auditor.detectors.scanned import PhraseSpan
from auditor.model import Hit
from auditor.text import Identifier, mask_value

Kind = Literal[
    "resident_id",
    "mobile",
    "landline",
    "bank_card",
    "plate",
    "email",
    "wechat",
    "qq",
    "address",
    "passport",
    "physician_qualification",
    "person",
]

KIND_ZH = {
    "resident_id": "公民身份号码",
    "mobile": "手机号",
    "landline": "固定电话",
    "bank_card": "银行卡号",
    "plate": "车牌号",
    "email": "电子邮箱",
    "wechat": "微信号",
    "qq": "QQ号",
    "address": "住址",
    "passport": "护照号",
    "physician_qualification": "医师资格证书编码",
    "person": "姓名",
}
KIND_EN = {
    "resident_id": "resident number",
    "mobile": "mobile number",
    "landline": "landline number",
    "bank_card": "bank card number",
    "plate": "number plate",
    "email": "e-mail address",
    "wechat": "WeChat id",
    "qq": "QQ number",
    "address": "address",
    "passport": "passport number",
    "physician_qualification": "physician's qualification number",
    "person": "name",
}


class ShowsIdentifier(Detector):
    """Finds an identifier of the named kinds in the fields; the quote is masked from the start."""

    use: Literal["identifier"]
    kinds: tuple[Kind, ...] = Field(min_length=1)
    fields: tuple[TextField, ...] = Field(min_length=1)

    provides: ClassVar[frozenset[str]] = frozenset({"kinds", "kinds_en", "masked"})

    def anchor(self) -> Anchor:
        """An identifier of the kinds stands in one of the fields."""
        return Anchor("identifier", self.fields, kinds=frozenset(self.kinds))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return one hit an identifier, in the order of the fields."""
        found: list[Hit] = []
        missing: str | None = None
        for name in self.fields:
            text = text_of(subject, name)
            if text is None:
                missing = missing or name
                continue
            wanted = [item for item in view.identifiers(text) if item.kind in self.kinds]
            found.extend(identifier_hit(name, subject, [item]) for item in wanted)
        return Missing(missing) if missing and not found else found


class IdentifierBundle(Detector):
    """Finds identifiers of several kinds side by side in one text: one person's data, collected.

    ``min_kinds`` different kinds must stand within ``within`` characters, at least one of them of
    ``required``. A name counts as a kind where a phrase of ``person_words`` introduces it.
    Source: specification, signal pii_bundle (two kinds within 200 characters).
    """

    use: Literal["identifier_bundle"]
    kinds: tuple[Kind, ...] = Field(min_length=2)
    required: tuple[Kind, ...] = Field(min_length=1)
    person_words: tuple[str, ...] = ()
    min_kinds: int = Field(default=3, ge=2)
    within: int = Field(default=200, ge=20)
    fields: tuple[TextField, ...] = ("text",)

    provides: ClassVar[frozenset[str]] = frozenset({"kinds", "kinds_en", "masked", "c"})

    def lexicons(self) -> frozenset[str]:
        """Return the words that introduce a person's name."""
        return lexicon_ids(self.person_words)

    def anchor(self) -> Anchor:
        """An identifier of the required kinds stands in one of the fields."""
        return Anchor("identifier", self.fields, kinds=frozenset(self.required))

    def hits(self, view: View, subject: Subject, given: Match) -> Found:
        """Return the widest bundle of each field."""
        found: list[Hit] = []
        for name in self.fields:
            text = text_of(subject, name)
            if text is None:
                return Missing(name)
            items = [item for item in view.identifiers(text) if item.kind in self.kinds]
            if not items:
                continue
            people = view.scanned(text).spans(self.lexicons()) if "person" in self.kinds else []
            bundle = self._bundle([*items, *map(_person, people)])
            if bundle:
                hit = identifier_hit(name, subject, bundle)
                found.append(replace(hit, hidden=tuple(given_names(text, people))))
        return found

    def _bundle(self, items: Sequence[Identifier]) -> list[Identifier]:
        """Return the group with most kinds; one pass with two ends, however many items."""
        ordered = sorted(items, key=lambda item: (item.start, item.end))
        best: tuple[int, int, int] = (0, 0, 0)
        inside: Counter[str] = Counter()
        last = 0
        for index, first in enumerate(ordered):
            while last < len(ordered) and ordered[last].end - first.start <= self.within:
                inside[ordered[last].kind] += 1
                last += 1
            kinds = {kind for kind, count in inside.items() if count}
            if len(kinds) >= max(self.min_kinds, best[0] + 1) and kinds.intersection(self.required):
                best = (len(kinds), index, last)
            if last > index:
                inside[first.kind] -= 1
            else:
                last = index + 1
        return ordered[best[1] : best[2]]


def _person(span: PhraseSpan) -> Identifier:
    return Identifier("person", span.start, span.end, span.phrase)


def given_names(text: str, people: Sequence[PhraseSpan]) -> Iterator[tuple[int, int]]:
    """Yield where the names behind the words that introduce them stand, all but the first sign.

    A name has two to four signs; of a longer run three are hidden (specification 8.5: family name
    and an asterisk). Hiding one sign too many costs nothing.
    """
    for span in people:
        run = NAME.match(text, span.end)
        if run:
            yield run.start("given"), run.end("given")


NAME = re.compile(r"[\s:：是叫为「“]{0,3}[\u4e00-\u9fff](?P<given>[\u4e00-\u9fff·]{1,3})")


def identifier_hit(name: str, subject: Subject, items: Sequence[Identifier]) -> Hit:
    """Return the hit of identifiers that stand together; no value is kept in clear."""
    kinds = sorted({item.kind for item in items})
    shown = [item for item in items if item.kind != "person"]
    start, end = min(item.start for item in items), max(item.end for item in items)
    masked = "，".join(mask_value(item.kind, item.value) for item in shown)
    return Hit(
        field=name,
        quote=masked,
        span=(start, end),
        post=subject.post_index,
        steps=tuple(f"identifier:{kind}" for kind in kinds),
        pii_kinds=tuple(kinds),
        facts=MappingProxyType(
            {
                "kinds": "、".join(KIND_ZH[kind] for kind in kinds),
                "kinds_en": ", ".join(KIND_EN[kind] for kind in kinds),
                "masked": masked,
                "c": str(end - start),
            }
        ),
    )
