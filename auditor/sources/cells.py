"""CSV cells -> raw fields: lists and objects are JSON or joined with `` | ``."""

from __future__ import annotations

import json

from auditor.model import NONE_SHOWN
from auditor.sources.rows import RowError
from auditor.sources.schemas import Form

JOINT = " | "
_LISTS: tuple[Form, ...] = ("texts", "words")


def plain_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build a JSON object, refusing one that gives a field twice (which value would count?).

    Raises:
        RowError: a field is given twice.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RowError("a field is given twice")
    return found


def parsed(text: str | bytes) -> object:
    """Parse JSON.

    Raises:
        RowError: it is not JSON, is nested too deeply, or gives a field twice.
    """
    try:
        return json.loads(text, object_pairs_hook=plain_object)
    except RowError:
        raise
    except RecursionError:
        raise RowError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise RowError(f"is not JSON ({error.msg} at character {error.pos + 1})") from None
    except ValueError:
        raise RowError("is not JSON (a number is too long)") from None


def field_of(cell: str, form: Form) -> object:
    """Read one cell of a column; other than lists and objects it stays the text it is.

    Raises:
        RowError: the cell begins like JSON and is not.
    """
    # Only in these columns: a name such as "[笑]老王" is no JSON.
    if form not in ("texts", "words", "ref", "credentials"):
        return cell
    cell = cell.strip()
    if not cell:
        return None
    if cell[0] in "[{":
        return parsed(cell)
    # The word ``none`` goes on as it is: ``rows`` makes it the empty list for every form of file.
    if form in _LISTS and cell != NONE_SHOWN:
        return [member for part in cell.split(JOINT) if (member := part.strip())]
    return cell
