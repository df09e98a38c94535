"""The parts of ``scripts/build_glyphs.py``: which characters, how they are drawn, how compared."""
