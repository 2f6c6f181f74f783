"""A street whose reports are joined."""

import pytest

from ..merging_street import MergingStreet


@pytest.fixture
def street(street):
    return MergingStreet(street.town)
