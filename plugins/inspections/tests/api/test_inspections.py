"""Visits by the API: listed for those they concern, planned, made once, and nobody else's."""

import pytest

from parvis import clock
from parvis.jurisdictions.calendars import local_day, next_business_day
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
WRITE = ("requests:read", "requests:write")


@pytest.fixture
async def works(api):
    """The API of a town with works that have begun, and their receipt."""
    receipt = await api.filed(type="works", answers={"danger": False})
    await make_move(api.host, receipt["reference"], "begin", {}, actor=ANA, mover="agent")
    return api, receipt


def next_day(api) -> str:
    calendar = api.host.jurisdictions.jurisdiction("parvis").calendar
    return next_business_day(calendar, local_day(calendar, clock.now())).isoformat()


async def footing(api, receipt, headers):
    answer = await api.get(f"/requests/{receipt['reference']}/inspections", headers)
    assert answer.status_code == 200, answer.text
    return next(each for each in answer.json()["items"] if each["code"] == "footing")


async def test_a_visit_is_planned_made_once_and_told_to_those_it_concerns(works):
    api, receipt = works
    token = await api.token(*WRITE)
    visit = await footing(api, receipt, token)
    assert (visit["state"], [each["code"] for each in visit["points"]]) == ("wanted", ["depth", "drain"])
    path, day = f"/inspections/{visit['id']}", next_day(api)
    at = {"version": visit["version"]}
    assert (await api.post(f"{path}/plan", {"day": day, "slot": "morning"}, token)).status_code == 428
    planned = await api.post(f"{path}/plan", {"day": day, "slot": "morning", "inspector": "Marc Roy"} | at, token)
    assert (planned.status_code, planned.json()["state"], planned.json()["inspector"]) == (200, "planned", "Marc Roy")
    late = await api.post(f"{path}/plan", {"day": day, "slot": "afternoon"} | at, token)
    assert late.status_code == 409
    assert (await api.post(f"{path}/plan", {"day": "2026-12-25", "slot": "morning"}, token)).status_code == 422
    listed = (await api.get("/inspections", token, day=day)).json()["items"]
    assert [each["id"] for each in listed] == [visit["id"]]
    waits = (await api.get("/inspections", token)).json()["items"]
    assert [each["code"] for each in waits] == ["final"]
    found = {"points": {"depth": {"finding": "ok"}, "drain": {"finding": "not_ok", "note": "Bouché"}}, "notice": True}
    once = token | {"Idempotency-Key": "one"}
    assert (await api.post(f"{path}/results", found, token)).status_code == 400
    first = await api.post(f"{path}/results", found, once)
    assert (first.status_code, first.json()["state"], first.json()["notice"]) == (200, "failed", True)
    assert (await api.post(f"{path}/results", found, once)).json() == first.json()
    assert (await api.post(f"{path}/results", found, token | {"Idempotency-Key": "two"})).status_code == 409
    bare = await api.post(f"{path}/results", {"points": {}}, token | {"Idempotency-Key": "three"})
    assert {each["path"] for each in bare.json()["errors"]} == {"points.depth.finding", "points.drain.finding"}
    theirs = (await api.get(f"/requests/{receipt['reference']}/inspections", key=receipt["key"])).json()["items"]
    mine = next(each for each in theirs if each["id"] == visit["id"])
    assert mine["points"][1]["note"] == "Bouché"
    assert {"unit", "inspector", "wishes"}.isdisjoint(mine)


async def test_a_visit_without_a_result_has_none_to_correct(works):
    api, receipt = works
    token = await api.token(*WRITE)
    visit = await footing(api, receipt, token)
    path = f"/inspections/{visit['id']}"
    at = {"version": visit["version"]}
    await api.post(f"{path}/plan", {"day": next_day(api), "slot": "morning"} | at, token)
    found = {"points": {"depth": {"finding": "ok"}, "drain": {"finding": "ok"}}, "corrects": 1}
    refused = await api.post(f"{path}/results", found, token | {"Idempotency-Key": "one"})
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "Cette visite n’a pas encore de résultat à corriger.",
    )
    assert (await footing(api, receipt, token))["state"] == "planned"


async def test_visits_are_nobody_elses(works):
    api, receipt = works
    mine = await footing(api, receipt, await api.token(*WRITE))
    assert (await api.get(f"/requests/{receipt['reference']}/inspections")).status_code == 401
    plan = {"day": next_day(api), "slot": "morning"}
    for headers, status in (
        ({}, 401),
        (await api.token("requests:read"), 403),
        (await api.token(*WRITE, unit="snow"), 404),
        (await api.token(*WRITE, jurisdiction="rivemont"), 404),
    ):
        assert (await api.post(f"/inspections/{mine['id']}/plan", plan, headers)).status_code == status
    assert (await api.get("/inspections", await api.token(*WRITE, unit="snow"))).json()["items"] == []
    assert (await api.post("/inspections/nothing/plan", plan, await api.token(*WRITE))).status_code == 404
