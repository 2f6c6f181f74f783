"""A request is on the next round of its crew; what lies on the way is proposed, and pages say when the crew comes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec import structs

from parvis_demo.rounds import hooks
from parvis_demo.rounds.settings import Crew, Settings
from parvis_sdk.contents import Link, Notice, RequestReference, Words
from parvis_sdk.endpoints import EndpointRequest
from parvis_sdk.figures import CountedRequest
from parvis_sdk.pages import Kept, PageView
from parvis_sdk.requests import Phase
from parvis_sdk.testing import Desk
from parvis_sdk.testing.cases import view
from parvis_sdk.testing.figures import counted_by
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.testing.town import MORNING, TOWN
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

FRIDAY = datetime(2026, 12, 4, 15, tzinfo=UTC)
NORTH = Crew(code="nord", name=Text(fr="Nord", en="North"), types=("hole", "branch"), on=("monday", "tuesday"))
SOUTH = Crew(code="sud", name=Text(fr="Sud", en="South"), types=("light",), on=("friday",))
CREWS = Settings(crews=(NORTH, SOUTH), sheets="https://voirie.example/tournees")
TYPES = tuple(structs.replace(SAMPLE, code=code) for code in ("hole", "branch", "light"))
HERE, FAR = {"lon": -73.58, "lat": 45.52}, {"lon": -73.58, "lat": 45.53}


@pytest.fixture
def desk():
    return Desk(hooks, settings=CREWS, types=TYPES, now=FRIDAY, name="road_crews")


async def sent(desk, type, place=HERE):
    desk.now += timedelta(minutes=1)
    return await desk.submit(type, {"place": place, "requester": {"mode": "anonymous"}})


def remembered(desk, case):
    return view(case, TOWN, (), desk.name).remembered


async def test_a_request_is_on_the_next_round_of_its_crew(desk):
    hole, light = await sent(desk, "hole"), await sent(desk, "light")
    assert remembered(desk, hole) == {"crew": "nord", "day": "2026-12-07", "number": "NORD-1207", "near": []}
    assert remembered(desk, light)["day"] == "2026-12-11"


async def test_what_is_close_by_for_the_same_crew_is_proposed_and_what_is_alike_is_not(desk):
    hole, far = await sent(desk, "hole"), await sent(desk, "hole", FAR)
    await sent(desk, "light")
    await sent(desk, "hole")
    assert desk.proposed == []
    branch = await sent(desk, "branch")
    assert remembered(desk, branch)["near"] == ["TEST-0004", hole.reference]
    assert {each.proposal.to for each in desk.proposed} == {"TEST-0004", hole.reference}
    assert far.reference not in remembered(desk, branch)["near"]


async def test_what_nobody_has_begun_is_to_be_planned_for_the_same_day():
    desk = Desk(hooks, settings=structs.replace(CREWS, step="close", day="on"), types=TYPES, now=FRIDAY)
    await sent(desk, "hole")
    await sent(desk, "branch")
    (proposed,) = desk.proposed
    assert (proposed.proposal.move, proposed.proposal.given) == ("close", {"on": "2026-12-07"})


async def shown(desk, case, code, **changes):
    (panel,) = [each for each in hooks.panels(CREWS) if each.code == code]
    return await panel.show(structs.replace(view(case, TOWN, (), desk.name), **changes), None)


async def test_the_desk_reads_all_of_a_round_and_the_requester_its_day(desk):
    await sent(desk, "hole")
    case = await sent(desk, "branch")
    facts, table, link = await shown(desk, case, "round", promised_at=None)
    assert [each.value for each in facts.rows] == [NORTH.name, "NORD-1207", date(2026, 12, 7)]
    assert table.rows == ((RequestReference(reference="TEST-0001"),),)
    assert link == Link(text=Text(fr="Feuille de route NORD-1207", en="Route sheet NORD-1207"), url=link.url)
    late = await shown(desk, case, "round", promised_at=FRIDAY)
    assert isinstance(late[1], Notice)
    words, facts = await shown(desk, case, "visit")
    assert (type(words), facts.rows[0].value) == (Words, date(2026, 12, 7))
    assert await shown(desk, case, "visit", phase=Phase.DECIDED) == ()
    assert await shown(desk, case, "round", remembered={}) == ()


async def opened(code, **about):
    (page,) = [each for each in hooks.pages(CREWS) if each.code == code]
    return await page.show(PageView(town="parvis", today=date(2026, 12, 7), **about), None)


def kept(reference, crew, day):
    return Kept(reference=reference, remembered={"crew": crew, "day": day, "number": f"{crew}-{day}"})


async def test_the_page_of_rounds_counts_what_is_ahead_and_is_narrowed_by_its_filters():
    visits = (kept("AAAA-0001", "nord", "2026-12-07"), kept("AAAA-0002", "sud", "2026-12-11"))
    facts, _, table = await opened("rounds", shown_to="desk", kept=visits)
    assert [each.value for each in facts.rows] == [1, 1]
    assert [row[1].reference for row in table.rows] == ["AAAA-0002", "AAAA-0001"]
    for filters in ({"crew": "nord"}, {"day": "2026-12-07"}):
        *_, table = await opened("rounds", shown_to="desk", kept=visits, filters=filters)
        assert [row[1].reference for row in table.rows] == ["AAAA-0001"]
    assert await opened("rounds", shown_to="desk") == ()


async def test_everybody_reads_who_goes_round_when_also_by_machine():
    _, table, _ = await opened("crews", shown_to="public")
    assert table.rows[0] == (NORTH.name, Text(fr="lundi, mardi", en="Monday, Tuesday"))
    (endpoint,) = hooks.endpoints(CREWS)
    town = Town(code="parvis", name=Text(fr="Parvis"), languages=("fr",), time_zone="America/Toronto")
    answer = await endpoint.answer(EndpointRequest(method="GET", town=town, at=FRIDAY))
    assert answer.json["crews"][0] == {"code": "nord", "name": "Nord", "day": "2026-12-07", "round": "NORD-1207"}


async def test_what_is_done_in_one_visit_is_a_task_of_whoever_writes_the_sheet(desk):
    await sent(desk, "hole")
    assert desk.tasks == []
    await sent(desk, "branch")
    (given,) = desk.tasks
    assert given.task.title == Text(
        fr="Compléter la feuille de route NORD-1207", en="Complete the round sheet NORD-1207"
    )
    assert "write the nearby requests on the same sheet (1)" in given.task.what.en


def counted(reference, crew, day, phase=Phase.RECEIVED):
    told = kept(reference, crew, day)
    return CountedRequest(
        reference=reference, type="hole", phase=phase, submitted_at=MORNING, remembered=told.remembered
    )


async def test_the_dashboard_counts_visits_to_come_and_those_of_each_crew():
    today, ahead, past = ((MORNING + timedelta(days=days)).date().isoformat() for days in (0, 4, -3))
    requests = (
        counted("AAAA-0001", "nord", ahead),
        counted("AAAA-0002", "nord", today),
        counted("AAAA-0003", "sud", past),
        counted("AAAA-0004", "sud", ahead, Phase.CLOSED),
    )
    by_code = {each.code: each for each in hooks.figures(CREWS)}
    assert await counted_by(by_code["visits-to-come"], requests=requests) == 2
    table = await counted_by(by_code["visits-by-crew"], requests=requests)
    assert [row[1:] for row in table.rows] == [(1, 2), (1, 0)]
    assert await counted_by(by_code["visits-by-crew"], requests=()) is None
    assert [*hooks.figures(Settings())] == []
