"""Where an account shows credential numbers, and which person it says to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from auditor.detectors.base import Anchor, Detector, Match, Subject, View, text_of
from auditor.detectors.posts import is_own
from auditor.model import Account, Hit
from auditor.text import (
    CredentialNumber,
    FormAnswer,
    credential_kinds,
    credential_numbers,
    fold,
    fold_name,
    frame,
    judge_form,
    kinds_named,
    mask_value,
    plain_number,
    words,
)

POST_ANCHOR = Anchor(
    "identifier", ("text",), kinds=frozenset({"credential", "physician_qualification"})
)
"""Posts that hold a labelled credential number."""


class NumberReader(Detector):
    """A step that reads labelled credential numbers where an account shows them."""

    def anchor(self) -> Anchor:
        """The bio is collected."""
        return Anchor("field", ("bio",))

    def post_anchor(self) -> Anchor:
        """Posts with a labelled number wake, so that both doors see them."""
        return POST_ANCHOR


WHERE = MappingProxyType(
    {
        "name": ("名称", "name"),
        "bio": ("简介", "bio"),
        "verified_label": ("认证文字", "mark"),
        "credentials": ("资质栏", "listed credentials"),
        "text": ("帖文", "post"),
    }
)
"""What the places are called in sentences, zh and en."""

BEFORE = 8
"""Characters before a label within which a post must say that the number is the author's."""

SAMPLE_NEAR = 60
"""Characters around a number within which a word of samples counts."""

_HIDDEN = re.compile(r"[*×＊●█?？]|[xX]{2}")
_SEGMENT = re.compile(r"[\W_]+")
_CHARACTERS = re.compile(r"[\u4e00-\u9fff]{2,4}")
_INTRODUCED = re.compile(
    r"(?:我叫|我是|本人|姓名|真名)[:：是叫 ]*(?P<name>[\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A credential number of an account; ``own`` says that the account states it of itself.

    ``kinds`` is empty for a listed credential of an unknown kind; ``post`` is a place in the
    dossier; ``holder`` is the person that the list of credentials names.
    """

    field: str
    kinds: tuple[str, ...]
    readings: tuple[str, ...]
    whole: bool
    own: bool
    span: tuple[int, int] | None = None
    post: int | None = None
    holder: str = ""

    def named(self, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Return the kinds among ``kinds`` that it may be; ``("",)`` where its kind is unknown."""
        return tuple(kind for kind in self.kinds if kind in kinds) or ("",)

    def answer(self, kinds: tuple[str, ...]) -> FormAnswer:
        """Compare with the published forms."""
        return judge_form(self.named(kinds), self.readings, whole=self.whole)

    def masked(self) -> str:
        """Return the longest reading as a report may show it."""
        value = self.readings[0]
        is_one = judge_form(("physician_qualification",), (value,)) == "of_form"
        return mask_value("physician_qualification" if is_one else "credential", value)

    def facts(self, kinds: tuple[str, ...]) -> dict[str, str]:
        """Return what sentences may say of it."""
        zh, en = kind_names(tuple(kind for kind in self.named(kinds) if kind))
        where, where_en = WHERE[self.field]
        return {
            "credential": zh,
            "credential_en": en,
            "masked": self.masked(),
            "where": where,
            "where_en": where_en,
        }

    def hit(self, steps: tuple[str, ...], facts: dict[str, str]) -> Hit:
        """Return the hit of this number."""
        return Hit(
            field=self.field,
            quote=self.masked(),
            span=self.span,
            post=self.post,
            steps=steps,
            facts=MappingProxyType(facts),
        )


def kind_names(kinds: tuple[str, ...]) -> tuple[str, str]:
    """Return the names of kinds in Chinese and English, joined by *or*."""
    known = [credential_kinds()[kind] for kind in kinds]
    if not known:
        return "未列明种类的证书", "credential of an unlisted kind"
    return "或".join(one.zh for one in known), " or ".join(one.en for one in known)


def shown_numbers(
    view: View,
    subject: Subject,
    kinds: tuple[str, ...],
    own: frozenset[str] = frozenset(),
    sample: frozenset[str] = frozenset(),
) -> Iterator[ShownNumber]:
    """Yield the numbers of the kinds that an account shows: name, bio, mark, list, posts.

    A listed credential of an unknown kind is among them.
    """
    for name in ("name", "bio", "verified_label"):
        text = text_of(subject, name)
        for number in _numbers(view, text) if text else ():
            if _is_wanted(number, kinds):
                stated = name != "bio" or _is_stated(text or "", number)
                yield _shown(name, number, own=stated)
    yield from _listed(subject.account, kinds)
    for index, post in enumerate(view.dossier.posts):
        for number in _numbers(view, post.text) if is_own(post) else ():
            if _is_wanted(number, kinds):
                stated = _is_authors(post.text, number, own, sample)
                yield _shown("text", number, own=stated, post=index)


def _numbers(view: View, text: str) -> tuple[CredentialNumber, ...]:
    """Return the labelled numbers of a text: each is an identifier, so most texts are known."""
    scanned = view.scanned(text)
    if scanned.is_plain:
        return ()
    key = ("credential numbers", text)
    return view.kept(key, lambda: credential_numbers(scanned.folded))


def _is_wanted(number: CredentialNumber, kinds: tuple[str, ...]) -> bool:
    return not set(number.kinds).isdisjoint(kinds)


def _shown(
    field: str, number: CredentialNumber, *, own: bool, post: int | None = None
) -> ShownNumber:
    span = (number.start, number.end)
    return ShownNumber(field, number.kinds, number.readings, number.whole, own, span, post)


def _listed(account: Account, kinds: tuple[str, ...]) -> Iterator[ShownNumber]:
    for one in account.credentials or ():
        value = plain_number(one.number or "")
        named = kinds_named(one.kind)
        if value and (not named or not set(named).isdisjoint(kinds)):
            hidden = _HIDDEN.search(one.number or "") is not None
            yield ShownNumber(
                "credentials", named, (value,), not hidden, own=True, holder=one.holder or ""
            )


def _is_stated(text: str, number: CredentialNumber) -> bool:
    """Tell whether the author states a number: not quoted, denied, asked or told of others."""
    said = frame(text, number.label_start, number.end, profile=True)
    return not any((said.negated, said.quoted, said.question, said.reported, said.supposed))


def _is_authors(
    text: str, number: CredentialNumber, own: frozenset[str], sample: frozenset[str]
) -> bool:
    """Tell whether a post gives a number as the author's own, and not as a sample."""
    before = fold(text[max(0, number.label_start - BEFORE) : number.label_start]).text
    if not any(word in before for word in own) or not _is_stated(text, number):
        return False
    around = text[max(0, number.label_start - SAMPLE_NEAR) : number.end + SAMPLE_NEAR]
    return not any(word in fold(around).text for word in sample)


def is_full_name(name: str, surnames: frozenset[str]) -> bool:
    """Tell whether a text is a full personal name: a family name, then one or two characters.

    A word of the dictionary is none (安心): it holds few private names.
    """
    if not _CHARACTERS.fullmatch(name) or len(words(name)) < 2:
        return False
    if len(name) > 2 and name[:2] in surnames:
        return True
    return name[0] in surnames and len(name) <= 3


def claimed_persons(account: Account, given: Match, surnames: frozenset[str]) -> list[str]:
    """Return the full names that an account says to be: beside its title, or introduced as own.

    A name of two characters, or one that is a word (安心), counts only where it is introduced.
    """
    said = {fold(hit.facts["title"]).text for hit in given.hits if "title" in hit.facts}
    titles = sorted(said, key=len)
    found: list[str] = []
    for segment in _SEGMENT.split(fold(account.name or "").text):
        rest = segment
        for title in reversed(titles):
            rest = rest.removesuffix(title).removeprefix(title)
        if rest != segment and len(rest) > 2 and is_full_name(rest, surnames):
            found.append(rest)
    introduced = (match["name"] for match in _INTRODUCED.finditer(fold(account.bio or "").text))
    found += [name for name in introduced if is_full_name(name, surnames)]
    return list(dict.fromkeys(fold_name(name).text for name in found))
