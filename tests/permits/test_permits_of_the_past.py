"""Real permits of another system, brought in by the counter: found, filtered, and counted as their file counts them."""

import dataclasses
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import pytest

from parvis.access_scope import Scope
from parvis.clock import moved_to
from parvis.db.tables import Delivery, ServiceRequest
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import find
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.selection import Period
from parvis.settings import Settings
from parvis_dashboards.decisions import decisions
from parvis_migration.importing import ImportedRequest, Step, bring_in
from parvis_sdk.counter import Receipt
from parvis_sdk.problems import Problems
from parvis_testing.modules import switch

from .calgary import SOURCE, counted, permit, rows, town_there

EVERY = 20
ALWAYS = Period(since=datetime(1990, 1, 1, tzinfo=UTC), until=datetime(2200, 1, 1, tzinfo=UTC))


@asynccontextmanager
async def brought_in(database_url, folder, every):
    """The town where these permits are, with some of them brought in."""
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=folder, database=database_url)
    async with open_deployment(settings, migrating=True) as deployment:
        await switch(deployment.host, "on")
        town = town_there(deployment.host.jurisdictions.jurisdiction("parvis"))
        jurisdictions = msgspec.structs.replace(deployment.host.jurisdictions, by_code={"parvis": town})
        host = dataclasses.replace(deployment.host, jurisdictions=jurisdictions)
        yield host, town, [await bring_in(host, town, SOURCE, permit(row)) for row in rows(every)]


@pytest.fixture
async def archive(database_url, tmp_path):
    async with brought_in(database_url, tmp_path, EVERY) as archive:
        yield archive


@pytest.fixture
async def a_few(database_url, tmp_path):
    async with brought_in(database_url, tmp_path, EVERY * 20) as archive:
        yield archive


@pytest.mark.database
async def test_permits_of_the_past_are_counted_as_their_file_counts_them(archive):
    host, town, receipts = archive
    lines = list(rows(EVERY))
    assert [type(each) for each in receipts] == [Receipt] * len(lines)
    told = await decisions(Scope(jurisdiction="parvis"), ALWAYS, town.calendar, "construction")
    for name, expected in counted(lines).items():
        found = {each.code: (each.received, each.decided, each.median, each.ninetieth) for each in getattr(told, name)}
        assert found.keys() == expected.keys()
        for code, line in expected.items():
            assert found[code] == pytest.approx(line), (name, code)
    assert (told.total.received, told.total.decided) == (len(lines), sum(bool(row["issueddate"]) for row in lines))

    pools = await decisions(Scope(jurisdiction="parvis"), ALWAYS, town.calendar, "construction", "demolition")
    assert pools.total.received == counted(lines)["categories"]["demolition"][0]
    listed = await queue(host, SYSTEM_VIEWER, "parvis", Filters(categories=("demolition",)), limit=200)
    assert listed.total == pools.total.received
    found = await queue(host, SYSTEM_VIEWER, "parvis", Filters(text=lines[0]["originaladdress"]), limit=5)
    assert {row.address for row in found.rows} == {lines[0]["originaladdress"]}

    # Nobody is written to about the past, and each history is whole.
    assert await Delivery.count() == 0
    record = await find(host, receipts[0].reference)
    assert record is not None
    assert await broken_at(record) is None
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "moved", "moved"]


@pytest.mark.database
async def test_bringing_the_same_permits_in_again_changes_nothing(a_few):
    host, town, receipts = a_few
    again = [await bring_in(host, town, SOURCE, permit(row)) for row in rows(EVERY * 20)]
    assert [each.reference for each in again] == [each.reference for each in receipts]
    assert await ServiceRequest.count() == len(receipts)


@pytest.mark.database
async def test_what_cannot_have_been_is_named_and_leaves_nothing(a_few):
    host, town, receipts = a_few
    row = next(rows())
    right = permit(row)
    replace = msgspec.structs.replace
    with moved_to(datetime(2026, 11, 25, tzinfo=UTC)):
        for wrong, path in (
            (replace(right, key="a", type="licence"), "type"),
            (replace(right, key="b", answers={"work_kind": "castle"}), "answers.work_kind"),
            (replace(right, key="c", steps=(Step(at=right.submitted_at, state="lost"),)), "steps"),
            (replace(right, key="d", steps=(Step(at=datetime(1999, 1, 1, tzinfo=UTC), state="closed"),)), "steps"),
            (replace(right, key="e", place={"lon": -73.58, "lat": 45.52}), "place"),
        ):
            found = await bring_in(host, town, SOURCE, wrong)
            assert isinstance(found, Problems), path
            assert [each.path for each in found.found] == [path]
    assert await ServiceRequest.count() == len(receipts)
    assert isinstance(msgspec.json.decode(msgspec.json.encode(right), type=ImportedRequest), ImportedRequest)
