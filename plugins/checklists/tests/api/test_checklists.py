"""The checklist of a request over HTTP."""


async def test_a_machine_reads_and_changes_the_list_that_colleagues_see(api):
    path = f"/requests/{(await api.filed())['reference']}/checklist"
    headers = await api.token("requests:read", "requests:write")
    items = (await api.post(path, {"add": ["Équipe prévenue", "Clôture posée"]}, headers)).json()["items"]
    changed = await api.post(path, {"done": [items[0]["id"]], "remove": [items[1]["id"]]}, headers)
    assert [(each["words"]["fr"], each["done_by"]) for each in changed.json()["items"]] == [("Équipe prévenue", "Pont")]
    assert (await api.get(path, headers)).json() == changed.json()
    again = await api.post(path, {"not_done": [items[0]["id"]]}, headers)
    assert again.json()["items"][0]["done_at"] is None


async def test_residents_have_no_part_in_it_and_mistakes_are_named(api):
    receipt = await api.filed()
    path = f"/requests/{receipt['reference']}/checklist"
    headers = await api.token("requests:read", "requests:write")
    assert (await api.get(path)).status_code == 401
    assert (await api.get(path, key=receipt["key"])).status_code == 401
    assert (await api.post(path, {"add": ["Lu"]}, key=receipt["key"])).status_code == 401
    assert (await api.post(path, {"add": ["Lu"]}, await api.token("requests:read"))).status_code == 403
    for body in ({"done": ["x"]}, {"add": "Lu"}, {"begin": "nothing"}, {"add": [f"{n}" for n in range(61)]}):
        assert (await api.post(path, body, headers)).status_code == 422
    for begin in ([], {}, 3, True, ""):
        answer = await api.post(path, {"begin": begin}, headers)
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "begin")
    assert (await api.get(path, headers)).json() == {"items": [], "next_cursor": ""}
