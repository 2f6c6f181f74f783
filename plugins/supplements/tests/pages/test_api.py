"""The loop as programs walk it; and what comes of everything that may come at once."""

import asyncio
from uuid import UUID

import httpx
import pytest

from parvis.people.tokens import make_token
from parvis.requests.actors import REQUESTER
from parvis.requests.changing import Conflict
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.parties import let_in
from parvis.requests.records import Record
from parvis.requests.references import key_for
from parvis_sdk.supplement_answers import ALREADY, NO_LONGER, SupplementAnswers
from parvis_sdk.supplements import Point
from parvis_sdk.workflow import Denied
from parvis_supplements.completing import answer
from parvis_supplements.marking import ask
from parvis_testing.town import ANA

from .conftest import BEGINS, NEXT

WHEN = {"field": "begins", "words": "Cette date est un dimanche."}


@pytest.fixture
async def api(office, app):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=f"http://127.0.0.1/api/v1/requests/{office.reference}"
    ) as http:
        key, _ = await make_token(
            office.host.engine, name="Pont", jurisdiction="parvis", scopes=("requests:read", "requests:write")
        )
        http.headers["authorization"] = f"Bearer {key}"
        yield http


async def test_a_program_prepares_sends_and_the_requester_answers(office, api):
    kept = await api.put("/supplements/completeness", json={"points": [WHEN]})
    assert kept.status_code == 200, kept.text
    assert (kept.json()["state"], kept.json()["version"]) == ("prepared", 1)
    mine = {"key": office.key}
    assert (await _as_requester(api, office, "/supplements")).json() == {"items": [], "next_cursor": ""}
    blind = await api.put("/supplements/completeness", json={"points": []})
    assert blind.status_code == 409
    stale = await api.put("/supplements/completeness", json={"points": [], "version": 7})
    assert stale.status_code == 409
    sent = await api.post(
        "/supplements/completeness", json={"points": [WHEN], "due_on": f"{NEXT}-01-15", "version": 1, "seen": 1}
    )
    assert sent.status_code == 200, sent.text
    assert sent.json()["state"] == "incomplete"
    (listed,) = (await _as_requester(api, office, "/supplements")).json()["items"]
    assert (listed["open"], listed["due_on"]) == (True, f"{NEXT}-01-15")
    assert listed["points"][0]["said"] == {"fr": WHEN["words"]}
    done = await api.post(
        "/supplements/completeness/answer", params=mine, json={"answers": {"begins": f"{NEXT}-11-01"}}
    )
    assert done.status_code == 200, done.text
    assert done.json()["answers"]["begins"] == f"{NEXT}-11-01"
    again = await api.post(
        "/supplements/completeness/answer", params=mine, json={"answers": {"begins": f"{NEXT}-11-02"}}
    )
    assert (again.status_code, again.json()["detail"]) == (409, ALREADY.fr)


@pytest.mark.parametrize("day", ["9999-12-31", "{next}0115", "{next}-1-15", "2020-01-01", "soon"])
async def test_a_list_is_to_be_answered_by_a_day_that_comes_and_is_written_as_all_days_are(api, day):
    day = day.format(next=NEXT)
    for send in (api.put, api.post):
        refused = await send("/supplements/completeness", json={"points": [WHEN], "due_on": day, "version": 1})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "due_on"), day


async def _as_requester(api, office, path):
    del api  # a call without its token
    transport = httpx.ASGITransport(app=office.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        return await http.get(f"/api/v1/requests/{office.reference}{path}", params={"key": office.key})


async def test_versions_and_clocks_are_told_to_those_who_may_know(office, api):
    await make_move(office.host, office.reference, "resume", {}, actor=ANA, mover="agent")
    versions = (await _as_requester(api, office, "/versions")).json()["items"]
    assert {one["field"] for one in versions} == {"work", "begins", "owner", "plan"}
    clocks = (await _as_requester(api, office, "/clocks")).json()["items"]
    assert {one["code"] for one in clocks} == {"legal", "whole"}
    inside = (await api.get("/clocks")).json()["items"]
    assert {one["code"] for one in inside} == {"legal", "whole", "reading"}
    assert "owner" not in {one["field"] for one in (await api.get("/versions")).json()["items"]}


async def test_the_key_of_a_party_opens_no_programs_door(office, api):
    bo = {"role": "contractor", "name": "Bo", "email": "bo@exemple.ca", "language": "en"}
    done = await let_in(office.host, office.reference, bo, actor=REQUESTER)
    assert isinstance(done, Record)
    entry = (await entries_of(done))[-1]
    key = key_for(office.host.secret, UUID(entry.body["party"]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=office.app), base_url="http://127.0.0.1") as http:
        answered = await http.get(f"/api/v1/requests/{office.reference}/versions", params={"key": key})
    assert answered.status_code == 404


@pytest.mark.parametrize("seen", [False, True])
async def test_a_supplement_that_arrives_while_the_desk_decides_has_one_outcome(office, seen):
    points = [Point(field="begins", words="Un dimanche.")]
    sent = await ask(
        office.host, office.reference, "completeness", points, transition="complete", raw={}, actor=ANA, mover="agent"
    )
    expected = sent.version if seen else None
    answered, refused = await asyncio.gather(
        answer(
            office.host, office.reference, "completeness", SupplementAnswers(raw={"begins": f"{NEXT}-11-01"}), number=1
        ),
        make_move(office.host, office.reference, "refuse", {}, actor=ANA, mover="agent", expected=expected),
    )
    record = await office.record()
    if isinstance(answered, Record):
        # The desk, having looked at the request before, is shown the answer; without, it decides on what it then finds.
        assert isinstance(refused, Conflict if seen else Record)
        assert record.answers["begins"] == f"{NEXT}-11-01"
    else:
        assert isinstance(answered, Denied)
        assert answered.reason == NO_LONGER
        assert (record.state, record.answers["begins"]) == ("refused", BEGINS)
    if isinstance(refused, Record):
        rests = next(entry for entry in reversed(await entries_of(record)) if "rests_on" in entry.body).body["rests_on"]
        assert rests["versions"]["begins"] == (2 if isinstance(answered, Record) else 1)
    assert await broken_at(record) is None


async def test_ten_answers_at_once_are_one(office):
    points = [Point(field="begins", words="Un dimanche.")]
    await ask(
        office.host, office.reference, "completeness", points, transition="complete", raw={}, actor=ANA, mover="agent"
    )
    given = [SupplementAnswers(raw={"begins": f"{NEXT}-11-{day:02}"}) for day in range(1, 11)]
    answers = await asyncio.gather(
        *(answer(office.host, office.reference, "completeness", each, number=1) for each in given)
    )
    assert sum(isinstance(each, Record) for each in answers) == 1
    assert [each.reason for each in answers if isinstance(each, Denied)] == [ALREADY] * 9
    await erase(office.host, office.reference, actor=ANA)
