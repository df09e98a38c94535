"""``python -m auditor.store upgrade URL``: bring a PostgreSQL database to this program's schema."""

from __future__ import annotations

import sys

from auditor.errors import AuditorError
from auditor.store.engines import engines
from auditor.store.migration import upgrade


def main(arguments: list[str]) -> int:
    """Upgrade the database named; returns the exit status."""
    if len(arguments) != 2 or arguments[0] != "upgrade":
        sys.stderr.write("usage: python -m auditor.store upgrade URL\n")
        return 2
    try:
        opened = engines(arguments[1])
        try:
            upgrade(opened)
        finally:
            opened.dispose()
    except AuditorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
