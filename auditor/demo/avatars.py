"""Small generated pictures, so that no picture of anybody is needed."""

from __future__ import annotations

from zlib import crc32

from jinja2 import Environment

_SVG = Environment(autoescape=True).from_string(
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 96 96">'
    '<rect width="96" height="96" rx="20" fill="hsl({{ hue }} 45% {{ light }}%)"/>'
    '<circle cx="{{ x }}" cy="{{ y }}" r="30" fill="hsl({{ turn }} 50% 80%)" opacity=".45"/>'
    '<text x="48" y="62" font-size="42" text-anchor="middle" fill="#fff">{{ glyph }}</text>'
    "</svg>\n"
)


def render_avatar(name: str, look: str) -> str:
    """Render the picture of an account: its first letter on colours that follow from ``look``."""
    chance = crc32(look.encode())
    glyph = next((letter for letter in name if letter.isalnum()), "·")
    hue = chance % 360
    return _SVG.render(
        hue=hue,
        turn=(hue + 40) % 360,
        light=38 + chance % 11,
        x=chance % 96,
        y=chance // 96 % 96,
        glyph=glyph,
    )
