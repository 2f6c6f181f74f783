"""Without any module: the first fitting line of a town’s file is promised, else what the type promises."""

import dataclasses
from datetime import UTC, datetime

import pytest
from msgspec import structs, to_builtins

from parvis import clock
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.levels import LevelRule
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.levels import Because, levels_in_force
from parvis.requests.request_service import RequestService
from parvis_sdk.requests import Place

MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
PLATEAU = Place(lon=-73.5807, lat=45.5236, address="1234, rue Rachel Est")
ROSEMONT = Place(lon=-73.5850, lat=45.5480, address="6000, rue Saint-Denis")
RULES = (LevelRule(type="hole", level="usual", zones=("plateau",), business_days=8),)


@pytest.fixture
def leveled(town):
    """A town whose file has one line."""
    ours = structs.replace(town.host.jurisdictions.jurisdiction(town.code), service_levels=RULES)
    towns = {**town.host.jurisdictions.by_code, town.code: ours}
    host = dataclasses.replace(town.host, jurisdictions=Jurisdictions(by_code=towns, default=town.code))
    return dataclasses.replace(town, host=host, counter=RequestService(host))


@pytest.mark.parametrize(
    ("place", "days", "because"),
    [(PLATEAU, 8, Because(line=1, type="hole", zone="plateau")), (ROSEMONT, 5, Because())],
)
async def test_a_line_of_the_file_is_promised_where_it_fits(leveled, place, days, because):
    with clock.moved_to(MONDAY):
        reference = (await leveled.submit(place=to_builtins(place))).reference
    record = await leveled.record(reference)
    shown = shown_of(await clocks_of(record.id))
    assert (shown.allowance.business_days, shown.because) == (days, because)
    assert record.promised_at == shown.due_at


async def test_what_is_in_force_is_version_0_of_the_file(leveled):
    standing = await levels_in_force(leveled.host, leveled.host.jurisdictions.jurisdiction("parvis"))
    assert (standing.version, [rule.business_days for rule in standing.body.rules]) == (0, [8])
