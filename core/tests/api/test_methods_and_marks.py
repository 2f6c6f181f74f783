"""An address says which methods it takes, lists are narrowed by state, and what has not changed is not sent again."""


def allowed(answer):
    return set(answer.headers["allow"].split(", "))


async def test_every_method_of_an_address_is_told_by_options_and_by_a_refusal(api):
    reference = (await api.filed())["reference"]
    for path, methods in (
        ("/requests", {"GET", "HEAD", "POST", "OPTIONS"}),
        (f"/requests/{reference}", {"GET", "HEAD", "PATCH", "OPTIONS"}),
        (f"/requests/{reference}/messages", {"POST", "PUT", "OPTIONS"}),
        (f"/requests/{reference}/story", {"GET", "HEAD", "OPTIONS"}),
    ):
        asked = await api.http.options(f"/api/v1{path}")
        assert (asked.status_code, allowed(asked)) == (204, methods)
        refused = await api.http.delete(f"/api/v1{path}")
        assert (refused.status_code, allowed(refused)) == (405, methods)
        assert refused.json()["errors"][0]["code"] == "method_not_allowed"


async def test_an_answer_that_is_the_same_is_not_sent_again(api):
    token = await api.token("requests:read", "requests:write")
    reference = (await api.filed())["reference"]
    for path in ("/requests", f"/requests/{reference}", f"/requests/{reference}/story"):
        first = await api.get(path, token)
        known = token | {"If-None-Match": first.headers["etag"]}
        same = await api.get(path, known)
        assert (same.status_code, same.content) == (304, b"")
        written = await api.post(f"/requests/{reference}/notes", {"words": "Vu"}, token)
        assert written.status_code == 200
        assert (await api.get(path, known)).status_code == 200
    other = await api.token("requests:read", unit="planning")
    mark = (await api.get("/requests", token)).headers["etag"]
    assert (await api.get("/requests", other | {"If-None-Match": mark})).json()["items"] == []


async def test_a_list_is_narrowed_by_state(api):
    token = await api.token("requests:read", "requests:write")
    first, second = [(await api.filed())["reference"] for _ in range(2)]
    moved = await api.post(f"/requests/{first}/moves", {"transition": "start", "version": 1}, token)
    assert moved.status_code == 200
    for states, found in (("working", {first}), ("received", {second}), ("received,working", {first, second})):
        told = (await api.get("/requests", token, state=states)).json()["items"]
        assert {each["reference"] for each in told} == found
    unknown = await api.get("/requests", token, state="nothing")
    assert (unknown.status_code, unknown.json()["errors"][0]["path"]) == (422, "state")
    elsewhere = await api.token("requests:read", unit="planning")
    assert (await api.get("/requests", elsewhere, state="received")).json()["total"] == 0
