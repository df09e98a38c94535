"""Lengths of time that a rule may give: a hundred years are more than any law looks back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MOST_DAYS = 36_500

Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Hours = Annotated[int, Field(ge=1, le=24 * MOST_DAYS)]
