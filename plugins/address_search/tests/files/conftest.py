"""What the files of a town say of its addresses."""

import pytest

from parvis_testing.jurisdictions import *
from parvis_testing.jurisdictions import SmallTown

LINES = "number,street,postal_code,lon,lat,place\n12,Rue des Érables,H2J 1A1,-73.58,45.53,École\n"


@pytest.fixture
def small_town(tmp_path):
    """With an address of its own."""
    small = SmallTown(tmp_path / "territory")
    small.write("essai/addresses.csv", LINES)
    return small
