"""A regulator's notice, and the items that findings cite."""

from __future__ import annotations

from typing import Literal

from auditor.model.values import Text, Value

Coverage = Literal["checked", "assisted", "human_only", "procedural", "not_yet"]
WordingStatus = Literal["seen", "seen_fragment", "back_translation", "recalled", "none"]
Surface = Literal["name", "bio", "avatar", "verification", "post", "image", "history", "group"]
Validity = Literal["standing", "ended"]


class Item(Value):
    """One checkable sentence of a notice, with the status of its wording.

    ``coverage`` is what the loaded rules do for it; ``why_not`` says in one sentence why a machine
    does not check it, for every coverage but ``checked``; there it may say what part is left out.
    ``why_not`` is Chinese, ``why_not_en`` the same in English.
    """

    item_id: Text
    clause: Text
    gist_en: Text
    gist_zh: Text
    text_zh: Text = ""
    zh_status: WordingStatus
    zh_source: tuple[Text, ...] = ()
    coverage: Coverage
    surfaces: tuple[Surface, ...] = ()
    why_not: Text = ""
    why_not_en: Text = ""
    law_refs: tuple[Text, ...] = ()

    @property
    def quotable(self) -> bool:
        """Whether ``text_zh`` may be printed as a quotation (a back-translation never is)."""
        return self.zh_status in ("seen", "seen_fragment")


class Notice(Value):
    """One document with its items; ``validity`` tells an ended campaign from a standing rule."""

    notice_id: Text
    title_zh: Text
    title_en: Text
    issuer: Text
    date: Text
    validity: Validity
    validity_note_zh: Text = ""
    validity_note_en: Text = ""
    url: Text = ""
    items: tuple[Item, ...]
