"""Ties by the API: with the version that was seen, by and to those who may see both; and parts split off."""

from parvis.requests.contacts import contact_of
from parvis.requests.records import find


async def two(api):
    return [(await api.filed()) for _ in range(2)]


async def test_a_request_is_merged_told_and_taken_apart_again(api):
    one, other = await two(api)
    path, headers = f"/requests/{one['reference']}", await api.token("requests:read", "requests:write")
    body = {"kind": "duplicate_of", "other": other["reference"]}
    assert (await api.post(f"{path}/ties", body, headers)).status_code == 428
    merged = (await api.post(f"{path}/ties", body | {"version": 1}, headers)).json()
    assert (merged["phase"], merged["merged_into"]) == ("closed", other["reference"])
    assert (await api.get(path)).status_code == 404  # nothing that everybody sees
    mine = (await api.get(path, key=one["key"])).json()
    assert mine["merged_into"] == other["reference"]  # which has a public page
    assert mine["state_title"]["fr"] == "Jointe à une autre requête"
    assert (await api.get(f"/requests/{other['reference']}", key=one["key"])).status_code == 404
    ties = (await api.get(f"/requests/{other['reference']}/ties", headers)).json()["items"]
    assert [(tie["kind"], tie["from_here"], tie["reference"]) for tie in ties] == [
        ("duplicate_of", False, one["reference"])
    ]
    again = await api.post(f"{path}/ties", body | {"version": 2}, headers)
    assert again.status_code == 409
    parted = (await api.post(f"{path}/ties/end", body | {"version": 2}, headers)).json()
    assert (parted["phase"], parted.get("merged_into")) == ("received", None)


async def test_neither_residents_nor_other_units_tie_or_see_ties(api):
    one, other = await two(api)
    path = f"/requests/{one['reference']}"
    body = {"kind": "about", "other": other["reference"], "version": 1}
    assert (await api.post(f"{path}/ties", body, key=one["key"])).status_code == 401
    assert (await api.get(f"{path}/ties", key=one["key"])).status_code == 401
    headers = await api.token("requests:read", "requests:write")
    await api.post(f"/requests/{other['reference']}/assignment", {"unit": "parks", "version": 1}, headers)
    await api.post(f"{path}/assignment", {"unit": "roads", "version": 1}, headers)
    roads = await api.token("requests:read", "requests:write", unit="roads")
    body |= {"version": 2}
    refused = await api.post(f"{path}/ties", body, roads)
    missing = await api.post(f"{path}/ties", body | {"other": "0000-0000-0"}, roads)
    assert refused.status_code == missing.status_code == 409
    assert refused.json()["detail"] == missing.json()["detail"]
    assert [each["path"] for each in refused.json()["errors"]] == ["other"]
    assert (await api.post(f"{path}/ties", body, headers)).status_code == 200
    assert (await api.get(f"{path}/ties", roads)).json()["items"] == []


async def test_a_part_becomes_another_request_once_and_the_person_is_told_of_it(api):
    letter = await api.filed()
    path, headers = f"/requests/{letter['reference']}", await api.token("requests:read", "requests:write")
    body = {"type": "hole", "words": "Le chien mort"}
    missing = await api.post(f"{path}/split", body, headers)
    assert (missing.status_code, missing.headers["content-type"]) == (428, "application/problem+json")
    body |= {"version": 1}
    once = headers | {"Idempotency-Key": "part-1"}
    first = await api.post(f"{path}/split", body, once)
    assert (first.status_code, set(first.json())) == (201, {"reference", "type", "promised_at"})
    again = await api.post(f"{path}/split", body, once)  # though splitting has raised the version
    assert (again.status_code, again.json()) == (201, first.json())
    other = await api.post(f"{path}/split", body | {"words": "Autre chose"}, once)
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "once_reused")
    stale = await api.post(f"{path}/split", body | {"words": "Autre chose"}, headers)
    told = (await api.get(f"{path}/story", headers)).json()["items"][-1]
    assert (stale.status_code, told["kind"]) == (409, "split")
    assert [each["message"] for each in stale.json()["errors"]] == [f"{told['title']} · Pont"]
    ties = (await api.get(f"{path}/ties", headers)).json()["items"]
    assert [(tie["kind"], tie["reference"]) for tie in ties] == [("about", first.json()["reference"])]
    new = (await api.get(f"/requests/{first.json()['reference']}", headers)).json()
    assert new["answers"]["words"] == "Le chien mort"
    whose = [await contact_of(await find(api.host, one["reference"])) for one in (letter, new)]
    assert whose[0] == whose[1] is not None


async def test_what_is_wrong_about_a_part_is_told_at_its_member_and_nothing_is_made(api):
    letter = await api.filed()
    path, headers = f"/requests/{letter['reference']}", await api.token("requests:read", "requests:write")
    good = {"type": "hole", "words": "Le chien mort", "version": 1}
    for change, status, where in (
        ({"type": "nothing"}, 422, "type"),
        ({"words": " "}, 422, "words"),
        ({"words": "x" * 9000}, 422, "words"),
        ({"files": ["01a21300-0000-7000-8000-00000000000b"]}, 422, "files"),
        ({"files": "x"}, 422, None),
        ({"version": 7}, 409, "version"),
        ({"version": "1"}, 422, "version"),
    ):
        answer = await api.post(f"{path}/split", good | change, headers)
        assert answer.status_code == status, change
        if where:
            assert answer.json()["errors"][0]["path"] == where
    assert (await api.post(f"{path}/split", good, headers | {"Idempotency-Key": "k" * 201})).status_code == 400
    assert (await api.get(f"{path}/ties", headers)).json()["items"] == []


async def test_only_who_works_on_a_request_splits_it_and_a_part_of_other_units_is_not_shown(api):
    letter = await api.filed()
    path, body = f"/requests/{letter['reference']}", {"type": "hole", "words": "Le chien mort", "version": 2}
    headers = await api.token("requests:read", "requests:write")
    await api.post(f"{path}/assignment", {"unit": "parks", "version": 1}, headers)
    roads = await api.token("requests:read", "requests:write", unit="roads")
    assert (await api.post(f"{path}/split", body, key=letter["key"])).status_code == 401
    assert (await api.post(f"{path}/split", body, roads)).status_code == 404
    reads = await api.token("requests:read")
    assert (await api.post(f"{path}/split", body, reads)).status_code == 403
    parks = await api.token("requests:read", "requests:write", unit="parks")
    made = await api.post(f"{path}/split", body, parks)
    assert made.status_code == 201
    await api.post(f"/requests/{made.json()['reference']}/assignment", {"unit": "roads", "version": 2}, headers)
    part = f"/requests/{made.json()['reference']}"
    assert (await api.get(part, parks)).json() == (await api.get(part)).json()  # what is on the portal, and no more
    assert (await api.get(f"{path}/ties", parks)).json()["items"] == []
