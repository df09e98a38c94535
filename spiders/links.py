"""Link headers (RFC 8288), as far as paging needs them."""

from __future__ import annotations

import re
from urllib.parse import urljoin

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)')
_REL = re.compile(r';\s*rel\s*=\s*"?([^";]+)"?', re.IGNORECASE)


def next_link(header: str, page_url: str) -> str | None:
    """Return the absolute address that a Link header names as the next page, or ``None``."""
    for url, parameters in _LINK.findall(header[:8_192]):
        relation = _REL.search(parameters)
        if relation and "next" in relation[1].lower().split():
            return urljoin(page_url, str(url))
    return None
