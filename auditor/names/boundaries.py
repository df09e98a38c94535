"""Whether a part of a name stands on word boundaries; asked only for the few names with a hit."""

from __future__ import annotations

from auditor.text import on_word_boundaries, words


def stands_free(text: str, start: int, end: int) -> bool:
    """Tell whether no word runs over an edge of ``text[start:end]``, as 社区 does in 新华社区."""
    edges = [text[start - 1 : start + 1]] if start else []
    edges += [text[end - 1 : end + 1]] if end < len(text) else []
    if any(len(words(edge)) == 1 for edge in edges):
        return False
    return on_word_boundaries(text, start, end)
