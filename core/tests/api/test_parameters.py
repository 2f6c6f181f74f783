"""A misspelt or unknown filter is refused by name: a program that asks for less never gets everything."""

import pytest

from parvis.api.routing import OPERATIONS
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis_testing.api import ZOE

HERE = {"reference": "7K3M-9QXT-4", "id": "0190a000-0000-7000-8000-000000000000", "code": "hole", "number": "1"}


def filled(path):
    for name, value in {**HERE, "provider": "x", "connector": "x"}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_a_filter_that_a_list_does_not_know_does_not_give_everything(api):
    await api.filed()
    token = await api.token("requests:read")
    for path in ("/requests", "/request-types"):
        refused = await api.get(path, token, status="valid")
        assert refused.status_code == 422, path
        assert refused.headers["content-type"] == "application/problem+json"
        (error,) = refused.json()["errors"]
        assert (error["path"], error["code"]) == ("status", "unknown_parameter")
        assert "« status »" in error["message"].replace("\u00a0", " ")
        assert "status" in refused.json()["detail"]
    english = await api.get("/requests", token | {"Accept-Language": "en"}, stat="open", zone="x")
    (error,) = english.json()["errors"]
    assert error["message"].startswith("There is no parameter “stat” here. This address takes: ")
    assert "phase" in error["message"]
    assert (await api.get("/requests", token, phase="received")).json()["total"] == 1


@pytest.mark.parametrize(
    ("asked", "path", "code"),
    [
        ("within=5", "within", "without_near"),
        ("phase=received&phase=closed", "phase", "repeated"),
        ("limit=1_0", "limit", "unreadable"),
        ("limit=%EF%BC%92", "limit", "unreadable"),
        ("limit=+5", "limit", "unreadable"),
        ("limit=1.5", "limit", "unreadable"),
        ("near=here", "near", "unreadable"),
        ("near=-73.58", "near", "unreadable"),
        ("near=nan,45", "near", "unreadable"),
        ("bbox=-73.6,45.5,-73.5", "bbox", "unreadable"),
        ("bbox=-73.5,45.5,-73.6,45.6", "bbox", "unreadable"),
        ("bbox=nan,45.5,-73.6,inf", "bbox", "unreadable"),
    ],
)
async def test_a_parameter_that_would_be_half_heard_is_refused(api, asked, path, code):
    refused = await api.http.get(f"/api/v1/requests?{asked}")
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["path"], error["code"]) == (422, path, code)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
async def test_every_operation_refuses_what_it_does_not_know_and_takes_what_it_describes(api, operation):
    async def ask(**params):
        path = f"/api/v1{filled(operation.path)}"
        return await api.http.request(operation.method, path, params=params, json={})

    def unknown(answer):
        told = answer.json() if answer.headers["content-type"] == "application/problem+json" else {}
        return [each["path"] for each in told.get("errors") or () if each["code"] == "unknown_parameter"]

    asked = await ask(nobody_asked="1", nor_this="2")
    assert unknown(asked) == ([] if operation.any_query else ["nobody_asked", "nor_this"])
    assert unknown(await ask(**dict.fromkeys(operation.parameters, "1"))) == []


async def test_a_misspelt_member_is_refused_by_its_place_and_never_dropped(api):
    token = await api.token("requests:read", "requests:write", "contacts:reveal")
    filed = await api.filed()
    path, key = f"/requests/{filed['reference']}", {"key": filed["key"]}
    sent = {"answers": {}, "place": {"lon": -73.58, "lat": 45.52, "lattitude": 1}, "requester": {"mode": "named"}}
    unknown = {
        ("POST", "/requests", "place.lattitude"): sent | {"type": "hole"},
        ("POST", f"{path}/moves", "awnsers"): {"transition": "start", "awnsers": {}, "version": 1},
        ("POST", f"{path}/messages", "audience"): {"words": "Vu", "audience": "internal"},
        ("POST", f"{path}/notes", "file"): {"words": "Vu", "file": "x"},
        ("POST", f"{path}/assignment", "assignee"): {"unit": "road", "assignee": "x", "version": 1},
        ("PATCH", path, "place.lattitude"): {"place": sent["place"], "version": 1},
        ("POST", f"{path}/public-page", "why"): {"do": "keep", "reason": "x", "why": "x"},
        ("POST", f"{path}/reveal", "why"): {"reason": "Pour voir", "why": "x"},
    }
    by_holder = {
        ("POST", f"{path}/occurrences", "answer"): {"answers": {}, "answer": {}},
        ("PUT", f"{path}/contact", "fone"): {"name": "Zoé", "fone": "x", "version": 1},
        ("PUT", f"{path}/messages", "want"): {"wanted": True, "want": False},
    }
    for (method, where, name), body in {**unknown, **by_holder}.items():
        who = {"params": key} if where in {each[1] for each in by_holder if name == each[2]} else {"headers": token}
        refused = await api.http.request(method, f"/api/v1{where}", json=body, **who)
        errors = [(each["path"], each["code"]) for each in refused.json()["errors"]]
        assert (refused.status_code, errors) == (422, [(name, "unknown_member")]), (where, refused.text)
    assert (await api.get(path, token)).json()["version"] == 1


async def test_whoever_writes_the_contact_back_sends_the_mode_along_but_changes_it_nowhere(api):
    token, filed = await api.token("requests:read", "contacts:read"), await api.filed()
    path, key = f"/requests/{filed['reference']}", {"key": filed["key"]}
    told = (await api.get(path, token)).json()["requester"]
    kept = await api.http.put(f"/api/v1{path}/contact", json=told | {"version": 1}, params=key)
    assert kept.status_code == 200, kept.text
    other = told | {"mode": "anonymous", "version": kept.json()["version"]}
    refused = await api.http.put(f"/api/v1{path}/contact", json=other, params=key)
    assert [(each["path"], each["code"]) for each in refused.json()["errors"]] == [("mode", "fixed")]


@pytest.mark.parametrize("name", ["type", "theme", "state", "phase", "zone", "unit"])
async def test_a_code_that_nothing_is_called_by_is_refused_and_one_of_the_past_is_not(api, name):
    filed = await api.filed()
    token = await api.token("requests:read")
    refused = await api.get("/requests", token, **{name: "nothing"})
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["path"], error["code"]) == (422, name, "not_offered")
    assert "« nothing »" in error["message"].replace("\u00a0", " ")
    if name != "phase":
        await change_row(api, filed["reference"], name, "nothing")
        assert (await api.get("/requests", token, **{name: "nothing"})).json()["total"] == 1


async def change_row(api, reference, column, value):
    async with transaction(api.host.engine):
        await ServiceRequest.update({column: value}).where(ServiceRequest.reference == reference)


async def test_a_list_is_narrowed_by_unit_for_the_people_of_the_town_alone(api):
    unit = next(iter(api.host.jurisdictions.jurisdiction("parvis").units))
    for headers in ({}, await api.token("requests:write")):
        refused = await api.get("/requests", headers, unit=unit)
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["path"], error["code"]) == (403, "unit", "forbidden")
    assert (await api.get("/requests", await api.token("requests:read"), unit=unit)).status_code == 200


async def test_the_requests_of_a_person_are_listed_by_one_of_them(api):
    named = ZOE | {"phone": "514 555-0101"}
    ours = [(await api.filed(requester=named))["reference"], (await api.filed(requester=ZOE))["reference"]]
    other = await api.filed(
        requester={"mode": "named", "name": "Bo", "email": "bo@exemple.ca", "phone": "514 555-0101"}
    )
    quiet = {"type": "quarrel", "answers": {"kind": "dog"}}
    secret = await api.filed(**quiet, requester=ZOE | {"mode": "confidential"})
    nobody = await api.filed(requester={"mode": "anonymous"})
    knows = await api.token("requests:read", "contacts:read")
    for reference in ours:
        found = (await api.get("/requests", knows, person=reference)).json()
        assert ({each["reference"] for each in found["items"]}, found["total"]) == ({*ours}, 2)
        assert "exemple" not in str(found)
    (alone,) = (await api.get("/requests", knows, person=other["reference"])).json()["items"]
    assert alone["reference"] == other["reference"]
    reads, elsewhere = (
        await api.token("requests:read"),
        await api.token("requests:read", "contacts:read", unit="planning"),
    )
    for token in (None, reads, await api.token("contacts:read")):
        refused = await api.get("/requests", token, person=ours[0])
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "forbidden")
    for token, person in (
        (elsewhere, ours[0]),
        (knows, secret["reference"]),
        (knows, nobody["reference"]),
        (knows, "7K3M-9QXT-4"),
        (knows, "zoe@exemple.ca"),
    ):
        refused = await api.get("/requests", token, person=person)
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["path"], error["code"]) == (422, "person", "not_offered")
