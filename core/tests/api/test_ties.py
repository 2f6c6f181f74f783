"""Ties by the API: with the version that was seen, by and to those who may see both."""


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
    ties = (await api.get(f"/requests/{other['reference']}/ties", headers)).json()["ties"]
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
    assert (await api.post(f"{path}/ties", body, headers)).status_code == 200
    assert (await api.get(f"{path}/ties", roads)).json()["ties"] == []
