"""A token that reads requests looks under its own name; reading by the key of a request is not logged."""

from datetime import timedelta

from parvis import clock
from parvis.requests.access_log import AccessLog, lines_of


async def written(api):
    await api.host.of(AccessLog).write(api.host.engine)
    now = clock.now()
    lines = await lines_of(["parvis"], now - timedelta(hours=2), now)
    return sorted((line.kind, line.name, line.what, line.about, line.times) for line in lines)


async def test_what_a_token_reads_is_written_under_its_name(api):
    filed = await api.filed()
    reference = filed["reference"]
    reader = await api.token("requests:read")
    for _ in range(3):
        assert (await api.get(f"/requests/{reference}", reader)).status_code == 200
    assert (await api.get("/requests", reader)).json()["total"] == 1
    lines = await written(api)
    assert ("token", "Pont", "list", "GET /requests", 1) in lines
    assert {line[:4] for line in lines if line[2] != "list"} == {("token", "Pont", "page", reference)}
    assert len(lines) <= 4  # one of each an hour, and the hour may turn


async def test_the_key_of_a_request_and_a_token_that_may_not_see_it_leave_no_line(api):
    filed = await api.filed()
    assert (await api.get(f"/requests/{filed['reference']}", key=filed["key"])).status_code == 200
    elsewhere = await api.token("requests:read", unit="lighting")
    read = await api.get(f"/requests/{filed['reference']}", elsewhere)  # as anybody reads it, who is nobody of the town
    assert read.text == (await api.get(f"/requests/{filed['reference']}")).text
    assert await written(api) == []


async def test_the_files_that_a_token_takes_are_told_apart(api, picture):
    sent = (await api.http.post("/api/v1/attachments", files={"file": ("trou.jpg", picture, "image/jpeg")})).json()
    answers = {"danger": False, "photos": [sent["id"]]}
    filed = await api.filed(answers=answers, upload=sent["upload"])
    reader = await api.token("requests:read", "contacts:read")
    answer = await api.http.get(f"/api/v1/attachments/{sent['id']}", headers=reader)
    assert answer.status_code == 200, answer.text
    assert [(line[2], line[3]) for line in await written(api)] == [("file", filed["reference"])]
