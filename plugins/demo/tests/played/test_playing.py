"""Stories are played through the counter and the lifecycle, and leave a town as if it had lived for months."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis import clock
from parvis.access_scope import Reach
from parvis.db.binding import running
from parvis.people.agents import agents, find_agent
from parvis.people.roles import ROLES
from parvis.requests.access_log import lines_of, people_on
from parvis.requests.attached.attachments import kept_of
from parvis.requests.attached.images import remade
from parvis.requests.changing import ASIDE
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lists.search import Filters, queue
from parvis.requests.persons.followers import count_followers
from parvis.requests.records import find
from parvis.requests.visibility import Viewer
from parvis_demo.accounts import demo_accounts
from parvis_demo.answering import FormSource, answers_to, file_fields
from parvis_demo.pictures import draw_picture
from parvis_demo.prepare import prepare
from parvis_sdk.forms import FormAnswers

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
SEES = Reach(permissions=frozenset({"see", "work"}), jurisdiction="parvis", unit="")
AGENT = Viewer(kind="agent", id="test", name="Test", reaches=(SEES,))


async def records(host):
    found = await queue(host, AGENT, "parvis", Filters(), limit=200)
    return [await find(host, row.reference) for row in found.rows]


@pytest.fixture(scope="module")
async def played_once(database_of_module, tmp_path_factory, host_of_two_types):
    """Some hundred stories, of which those of the two types offered here are played; the tests only read."""
    days, folder = [], tmp_path_factory.mktemp("played")

    async def deliver():
        days.append(clock.now())

    async with running(database_of_module) as engine:
        with clock.moved_to(NOW):
            host = host_of_two_types(engine, folder)
            prepared = await prepare(host, counts={"parvis": 140, "nowhere": 10}, deliver=deliver)
    return folder, prepared, days


@pytest.fixture
async def played(played_once, database_of_module, host_of_two_types):
    folder, prepared, days = played_once
    async with running(database_of_module) as engine:
        with clock.moved_to(NOW):
            yield host_of_two_types(engine, folder), prepared, days


async def test_the_town_is_left_as_if_it_had_lived_for_months(played):
    host, prepared, days = played
    assert prepared.refused == ()
    kept = await records(host)
    assert len(kept) == prepared.requests > 15
    assert clock.now() == NOW
    assert min(record.submitted_at for record in kept) < NOW - timedelta(days=150)
    assert max(record.updated_at for record in kept) <= NOW
    states = Counter(record.state for record in kept)
    assert states["closed"] > len(kept) / 2
    assert {record.type for record in kept} == {"pothole", "graffiti"}
    assert days == sorted(days)
    assert len(days) > 200


async def test_history_is_whole_and_in_the_order_of_time(played):
    host, _, _ = played
    kinds = Counter()
    for record in await records(host):
        entries = await entries_of(record)
        times = [entry.at for entry in entries]
        assert times == sorted(times)
        assert times[0] == record.submitted_at
        assert await broken_at(record) is None
        kinds.update(entry.kind for entry in entries)
    assert {"submitted", "moved", "note", "assigned"} <= set(kinds)


async def test_what_waits_too_long_is_closed_by_the_houses_own_timers(played):
    host, _, _ = played
    closings = [
        (entries[-1].at - entries[-2].at, entries[-1].actor.kind)
        for record in await records(host)
        if (entries := [each for each in await entries_of(record) if each.kind not in ASIDE])[-1].body.get("transition")
        == "close"
    ]
    assert closings
    for waited, who in closings:
        assert timedelta(days=14) <= waited < timedelta(days=31, hours=1)
        assert who == "system"


async def test_words_photos_and_followers_come_with_the_requests(played):
    host, _, _ = played
    kept = await records(host)
    assert all(record.answers["note"] for record in kept)
    assert sum([len(await kept_of(record)) for record in kept]) > 3
    assert sum([await count_followers(record) for record in kept]) > 0
    assert all(record.zone and record.unit in ("roads", "cleanliness") for record in kept)


async def test_the_people_of_the_town_can_sign_in_and_are_not_made_twice(played):
    host, prepared, _ = played
    await prepare(host, counts={})
    assert len(await agents(host.engine)) == prepared.accounts == len(demo_accounts())
    roads = await find_agent(host.engine, "voirie@parvis.example")
    assert roads is not None
    assert [(grant.role, grant.unit) for grant in roads.grants] == [("agent", "roads")]


async def test_who_looked_at_what_is_not_empty_and_nobody_looked_at_what_they_may_not_see(played):
    host, since = played[0], NOW - timedelta(days=5)
    people = await people_on(("parvis",), since, NOW)
    assert len(people) > 3
    assert {"files", "whole"} <= {name for each in people for name in ("files", "whole") if getattr(each, name)}
    roads = next(each for each in people if each.name == "Réjean Bouchard")
    for line in await lines_of(("parvis",), since, NOW, roads.who):
        record = await find(host, line.about)
        assert record.unit == "roads"


async def test_work_is_done_by_people_of_the_unit(played):
    host, _, _ = played
    by_id = {person.id: person for person in await agents(host.engine)}
    for record in await records(host):
        if record.assignee:
            units = {grant.unit for grant in by_id[str(record.assignee)].grants}
            above = {unit.code for unit in host.jurisdictions.jurisdiction("parvis").path_of(record.unit)}
            assert units & above


def test_accounts_name_units_and_roles_that_exist(towns):
    for account in demo_accounts():
        assert account.email.endswith(".example")
        assert account.says.en
        for grant in account.grants:
            town = towns.jurisdiction(grant.jurisdiction)
            assert not grant.unit or grant.unit in town.units
            assert grant.role in ROLES
    assert {"agent", "manager", "operator"} <= {grant.role for account in demo_accounts() for grant in account.grants}


@given(seed=st.integers(0, 10_000), words=st.sampled_from(["", "Un trou.", "x" * 6000]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_form_is_filled_in_without_a_problem(everything, seed, words):
    told = FormSource(
        words=words,
        facts={"size": "large", "danger": "not a yes or no", "depth": 7},
        address="1033, rue Rachel Est",
        home="465, avenue du Mont-Royal Est",
        lon=-73.58,
        lat=45.52,
        email="",
        phone="",
        today=date(2026, 11, 25),
    )
    answers = answers_to(everything, told, Random(seed))
    read = everything.read(answers, today=told.today)
    assert isinstance(read, FormAnswers), read
    assert read.answers["size"] == "large"
    assert read.answers["depth"] == 7
    assert read.answers["home_address"] == told.home
    assert read.answers.get("note", "") == words[:4000]
    assert [field.code for field in file_fields(everything, answers)] == ["photos"]


@pytest.mark.parametrize("kind", ["pothole", "street_light", "fallen_branch", "snowy_sidewalk", "graffiti", "noise"])
def test_a_picture_is_small_and_one_that_the_house_accepts(kind):
    content = draw_picture(kind, 1)
    assert content == draw_picture(kind, 1)
    assert content != draw_picture(kind, 2)
    assert len(content) < 150_000
    assert remade(content).kind == "image/jpeg"
