"""Towns of other request types, and one where destruction runs alone."""

from dataclasses import replace

import pytest
from msgspec import structs

from parvis_disposal.town_destruction import DESTRUCTION, Destruction
from parvis_testing.requests import *


@pytest.fixture
def alone(town):
    """The town where destruction runs alone."""
    there = DESTRUCTION.put(town.host.jurisdictions.jurisdiction("parvis"), Destruction(runs_alone=True))
    towns = town.host.jurisdictions.by_code | {"parvis": there}
    town.host = replace(town.host, jurisdictions=structs.replace(town.host.jurisdictions, by_code=towns))
    town.counter.host = town.host
    return town
