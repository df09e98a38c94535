"""The index over the shipped lists, built once."""

from __future__ import annotations

import pytest

from auditor.names import NameIndex
from auditor.references import SHIPPED, References, load_references


@pytest.fixture(scope="session")
def references() -> References:
    return load_references([SHIPPED])


@pytest.fixture(scope="session")
def index(references: References) -> NameIndex:
    return NameIndex.build(references)
