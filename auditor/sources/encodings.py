"""Which of the contract's two encodings a file is in, decided at its first bytes beyond ASCII."""

from __future__ import annotations

import pyarrow as pa

from auditor.errors import InputError

_MARK = b"\xef\xbb\xbf"
_LEAST_RATIO = 0.5


class Decoder:
    """Brings the lines of one file to UTF-8.

    The decision is made once a file, by the share of its first lines beyond ASCII that fit: a few
    short GB18030 lines are valid UTF-8 too ("一" is), and a UTF-8 file may hold a damaged line.
    GB18030 comes second because it reads almost any bytes.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self._encoding: str | None = None
        self._fresh = True

    def decoded(self, data: bytes) -> tuple[bytes, list[int]]:
        """Recode whole lines; those that do not fit the file's encoding become empty.

        Returns:
            As many lines in UTF-8, and the places (from 0) of the emptied ones.

        Raises:
            InputError: the lines fit neither encoding.
        """
        if self._fresh and data:
            data, self._fresh = self._unmarked(data), False
        if data.isascii():
            return data, []
        encoding = self._encoding = self._encoding or self._decided(data)
        if (whole := _recoded(data, encoding)) is not None:
            return whole, []
        lines = [_recoded(line, encoding) for line in data.split(b"\n")]
        return b"\n".join(line or b"" for line in lines), [
            place for place, line in enumerate(lines) if line is None
        ]

    def _unmarked(self, data: bytes) -> bytes:
        if data.startswith(_MARK):
            self._encoding = "utf-8"
        return data.removeprefix(_MARK)

    def _decided(self, data: bytes) -> str:
        telling = [line for line in data.split(b"\n") if not line.isascii()]
        for encoding in ("utf-8", "gb18030"):
            fitting = sum(_recoded(line, encoding) is not None for line in telling)
            if fitting >= _LEAST_RATIO * len(telling):
                return encoding
        hint = " (it looks like UTF-16)" if telling[0][:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        raise InputError(f"is neither UTF-8 nor GB18030{hint}; save it as UTF-8", self.where)


def _recoded(data: bytes, encoding: str) -> bytes | None:
    try:
        if encoding == "utf-8":
            # Arrow's check takes a third of the time of decoding.
            pa.array([data], pa.binary()).cast(pa.string())
            return data
        return data.decode(encoding).encode()
    except (UnicodeError, pa.ArrowInvalid):
        return None
