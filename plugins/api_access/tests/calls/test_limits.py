"""What a token is limited to, units and types, is all that it reads, counts, downloads, changes and files."""

import io

import pytest

from parvis.requests.records import find

READ, WRITE = "requests:read", "requests:write"


async def references_of(api, token):
    """Every request that each of the lists tells a token of."""
    listed = (await api.get("/requests", token)).json()["items"]
    changed = (await api.get("/changes", token)).json()["items"]
    searched = (await api.post("/bulk/searches", {}, token)).json()["items"]
    table = (await api.http.get("/odata/v4/Requests", headers=token)).json()["value"]
    return {
        "list": {each["reference"] for each in listed},
        "changes": {each["reference"] for each in changed},
        "search": {each["reference"] for each in searched},
        "odata": {each["Reference"] for each in table},
    }


@pytest.mark.parametrize(("mine", "theirs"), [(0, 1), (1, 0)])
async def test_a_token_of_one_type_is_told_of_no_other_by_any_list(api, limited, both, mine, theirs):
    token = await limited(READ, types=(("hole", "quarrel")[mine],))
    told = await references_of(api, token)
    assert all(each == {both[mine]} for each in told.values()), told
    every = await references_of(api, await limited(READ))
    assert all(each == set(both) for each in every.values()), every
    counted = await api.http.get("/odata/v4/Requests/$count", headers=token)
    assert counted.text == "1"
    assert (await api.get("/requests", token)).json()["total"] == 1


async def test_units_and_types_hold_together_and_several_units_are_one_reach(api, limited, both):
    hole, quarrel = both
    unit = (await find(api.host, hole)).unit
    elsewhere = next(code for code in api.host.jurisdictions.jurisdiction("parvis").units if code != unit)
    for limits, expected in (
        ({"units": (unit,), "types": ("hole",)}, {hole}),
        ({"units": (unit,), "types": ("quarrel",)}, {quarrel} & await _of(api, unit, both)),
        ({"units": (elsewhere,), "types": ("hole",)}, await _of(api, elsewhere, (hole,))),
        ({"units": tuple(api.host.jurisdictions.jurisdiction("parvis").units)}, {hole, quarrel}),
        ({"units": ("nowhere",)}, set()),
        ({"types": ("nothing",)}, set()),
    ):
        told = await references_of(api, await limited(READ, **limits))
        assert all(each == expected for each in told.values()), (limits, told)


async def _of(api, unit, references):
    under = api.host.jurisdictions.jurisdiction("parvis").units_under(unit)
    return {each for each in references if (await find(api.host, each)).unit in under}


async def test_single_requests_of_another_type_are_not_there(api, limited, both):
    hole, quarrel = both
    token = await limited(READ, WRITE, "contacts:read", types=("hole",))
    assert (await api.get(f"/requests/{hole}", token)).json()["requester"]["name"] == "Zoé Côté"
    for path in ("", "/story", "/versions", "/clocks", "/ties"):
        assert (await api.get(f"/requests/{quarrel}{path}", token)).status_code == 404, path
    for path, body in (
        ("moves", {"transition": "start", "version": 1}),
        ("notes", {"words": "Vu"}),
        ("messages", {"words": "Bonjour"}),
        ("assignment", {"unit": "roads", "version": 1}),
    ):
        assert (await api.post(f"/requests/{quarrel}/{path}", body, token)).status_code == 404, path
    read = (await api.post("/bulk/reads", {"references": [hole, quarrel]}, token)).json()["items"]
    assert [each["status"] for each in read] == [200, 404]
    rows = [{"reference": each, "do": "note", "version": 1, "body": {"words": "Vu"}} for each in both]
    written = (await api.post("/bulk/writes", {"rows": rows}, token)).json()["items"]
    assert [each["status"] for each in written] == [200, 404]
    assert (await find(api.host, quarrel)).version == 1


async def test_a_public_request_of_another_type_is_read_as_by_anybody(api, limited, both):
    hole, _ = both
    token = await limited(READ, "contacts:read", types=("quarrel",))
    told = (await api.get(f"/requests/{hole}", token)).json()
    assert told == (await api.get(f"/requests/{hole}")).json()
    assert "requester" not in told


async def test_files_of_another_type_are_not_given(api, limited, picture):
    file = {"file": ("trou.jpg", io.BytesIO(picture), "image/jpeg")}
    sent = (await api.http.post("/api/v1/attachments", files=file)).json()
    id = sent["id"]
    await api.filed(answers={"danger": False, "photos": [id]}, upload=sent["upload"])
    for types, status in ((("hole",), 200), (("quarrel",), 404), ((), 200)):
        answer = await api.get(f"/attachments/{id}", await limited(READ, types=types))
        assert answer.status_code == status, types


async def test_another_type_is_neither_filed_nor_made_of_a_request(api, limited, both):
    token = await limited(READ, WRITE, types=("hole",))
    assert (await api.file(token=token)).status_code == 201
    refused = await api.file(token=token, type="quarrel", answers={"kind": "dog"})
    assert refused.status_code == 403
    assert "quarrel" in refused.json()["detail"]
    change = {"type": "quarrel", "answers": {"kind": "dog"}, "version": 1}
    assert (await api.http.patch(f"/api/v1/requests/{both[0]}", json=change, headers=token)).status_code == 403
    assert (await find(api.host, both[0])).type == "hole"
    key = token["Authorization"].removeprefix("Bearer ")
    posted = {
        "api_key": key,
        "service_code": "quarrel",
        "lat": "45.5236",
        "long": "-73.5807",
        "description": "Il jappe",
    }
    answer = await api.http.post("/open311/v2/requests.json", data=posted)
    assert answer.status_code == 403, answer.text


async def test_maps_tell_a_limited_token_what_is_its_own(api, limited, both):
    hole, quarrel = both
    for types, expected in ((("quarrel",), {quarrel}), (("hole",), {hole}), ((), {hole, quarrel})):
        token = await limited(READ, types=types)
        found = await api.http.get("/ogc/features/collections/requests/items", headers=token)
        assert found.status_code == 200, found.text
        assert {each["properties"]["reference"] for each in found.json()["features"]} == expected


async def test_a_token_reads_what_it_may_do(api, limited):
    token = await limited(READ, units=("roads",), types=("hole",))
    told = (await api.get("/token", token)).json()
    assert (told["units"], told["types"], told["scopes"], told["ends_at"]) == (["roads"], ["hole"], [READ], None)
    assert (await api.get("/token")).status_code == 401
