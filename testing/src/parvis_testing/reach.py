"""People of the town who may see this or that, made by chance, and a request for each unit and zone: for properties."""

import itertools

import pytest
from hypothesis import strategies as some

from parvis.access_scope import Reach
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.records import as_json, record_of
from parvis.requests.visibility import Viewer

UNITS = ("public_works", "roads", "lighting", "parks", "trees")
ZONES = ("plateau", "outremont", "")
ANA = "01a21300-0000-7000-8000-00000000000a"
LUC = "01a21300-0000-7000-8000-00000000000b"
KEPT = ((), (ANA,), (LUC,))

reaches = some.builds(
    Reach,
    permissions=some.sampled_from((frozenset({"see"}), frozenset({"see", "contacts"}), frozenset({"report"}))),
    jurisdiction=some.sampled_from(("parvis", "parvis", "parvis", "rivemont")),
    unit=some.sampled_from(("", *UNITS)),
    zones=some.frozensets(some.sampled_from(("plateau", "outremont")), max_size=2),
    types=some.sampled_from((frozenset(), frozenset({"hole"}), frozenset({"quarrel"}), frozenset({"hole", "quarrel"}))),
)
viewers = some.builds(
    Viewer,
    kind=some.sampled_from(("agent", "token")),
    id=some.sampled_from((ANA, LUC)),
    reaches=some.lists(reaches, max_size=3).map(tuple),
)


class Rows(list):
    """Told in one word where a property fails."""

    def __repr__(self) -> str:
        return "rows"


@pytest.fixture
async def rows(town):
    """One request for each unit, zone and excluded person, and every fourth one of another type."""
    for number, (unit_code, zone, kept) in enumerate(itertools.product(UNITS, ZONES, KEPT)):
        receipt = await town.submit(answers={"danger": False, "words": "Girafe"})
        columns = {"unit": unit_code, "zone": zone, "kept_from": as_json(kept)}
        columns |= {"type": "quarrel"} if number % 4 == 3 else {}
        async with transaction(town.host.engine):
            await ServiceRequest.update(columns).where(ServiceRequest.reference == receipt.reference)
    return Rows(record_of(row) for row in await ServiceRequest.select())
