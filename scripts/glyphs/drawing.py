"""Characters drawn as small grey pictures, in one sans and one serif font."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTCollection
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from glyphs.shapes import SIDE

Pictures = NDArray[np.uint8]
"""(characters, SIDE, SIDE), 0 (paper) to 255 (ink)."""

FONTS = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc")
FACE = 2
"""The simplified Chinese face of a Noto CJK collection: 0 is Japanese, 1 Korean."""
_BASELINE = 0.88
"""Where Noto CJK puts the baseline below the top of the em square."""
_LARGE = 64
"""Size at which ink boxes are cut out, in pixels."""
_FAINT = 16
"""Grey below this is no ink: the soft edge of a stroke would move the ink box by a pixel."""
_MAX_STRETCH = 2.0
"""An ink box is stretched at most this much more in one direction than in the other."""


class Font:
    """One face of a font file, and which characters it can draw."""

    def __init__(self, path: Path) -> None:
        face = TTCollection(str(path), lazy=True).fonts[FACE]
        self.file = path.name
        self.version = str(face["name"].getDebugName(5))
        self.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self.characters = frozenset(map(chr, face.getBestCmap()))
        self._small = ImageFont.truetype(str(path), SIDE, index=FACE)
        self._large = ImageFont.truetype(str(path), _LARGE, index=FACE)

    def squares(self, characters: Sequence[str]) -> Pictures:
        """Draw each character as it stands in a line of text: in its em square."""
        return np.stack([np.asarray(self._square(one)) for one in characters])

    def boxes(self, characters: Sequence[str]) -> Pictures:
        """Draw each character's ink stretched to fill the square: 日 and 曰 differ in width."""
        return np.stack([np.asarray(self._box(one)) for one in characters])

    def _square(self, character: str) -> Image.Image:
        picture = Image.new("L", (SIDE, SIDE))
        at = (SIDE / 2, SIDE * _BASELINE)
        ImageDraw.Draw(picture).text(at, character, fill=255, font=self._small, anchor="ms")
        return picture

    def _box(self, character: str) -> Image.Image:
        picture = Image.new("L", (2 * _LARGE, 2 * _LARGE))
        at = (_LARGE, 1.5 * _LARGE)
        ImageDraw.Draw(picture).text(at, character, fill=255, font=self._large, anchor="ms")
        ink = picture.point(lambda grey: 255 if grey >= _FAINT else 0).getbbox()
        square = Image.new("L", (SIDE, SIDE))
        if ink:
            wide, high = ink[2] - ink[0], ink[3] - ink[1]
            size = (
                max(1, round(SIDE * min(1.0, _MAX_STRETCH * wide / high))),
                max(1, round(SIDE * min(1.0, _MAX_STRETCH * high / wide))),
            )
            stretched = picture.crop(ink).resize(size, Image.Resampling.LANCZOS)
            square.paste(stretched, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
        return square
