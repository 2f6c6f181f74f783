"""What the API tells of a list of points to those whom it does not concern, or no longer: nothing of it."""

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.records import find
from parvis.requests.references import key_for
from parvis_testing.crowded import SCOPES, reported

from ..waiting import incomplete


async def test_a_token_of_another_town_or_unit_and_the_key_of_another_request_open_no_list(api):
    found = await incomplete(api)
    other = await reported(api)
    for name in ("supplements", "versions"):
        path = f"/requests/{found.named['reference']}/{name}"
        for headers in (await api.token(*SCOPES, jurisdiction="rivemont"), await api.token(*SCOPES, unit="snow"), {}):
            answer = await api.get(path, headers)
            assert answer.status_code in (401, 403, 404), answer.text
        answer = await api.get(path, key=other.key)
        assert answer.status_code in (401, 403, 404), answer.text


async def handed_over(api, scene):
    """As if it had been accepted by somebody else: the request has another holder, and another key."""
    record = await find(api.host, scene.named["reference"])
    since = {ServiceRequest.holder_since: clock.now(), ServiceRequest.holders: 1}
    async with transaction(api.host.engine):
        await ServiceRequest.update(since).where(ServiceRequest.id == record.id)
    return key_for(api.host.secret, record.id, 1)


async def test_a_new_holder_reads_what_is_still_asked_and_not_what_was_asked_and_answered_before(api):
    scene = await incomplete(api)
    path = f"/requests/{scene.named['reference']}"
    key = await handed_over(api, scene)
    (listed,) = (await api.get(f"{path}/supplements", key=key)).json()["items"]
    assert listed["open"]
    answer = {"answers": {"begins": "2099-02-01"}}
    assert (await api.post(f"{path}/supplements/completeness/answer", answer, key=key)).status_code == 200
    record = await find(api.host, scene.named["reference"])
    async with transaction(api.host.engine):
        await ServiceRequest.update({ServiceRequest.holder_since: clock.now()}).where(ServiceRequest.id == record.id)
    assert (await api.get(f"{path}/supplements", key=key)).json()["items"] == []
    versions = {
        each["field"]: each["versions"] for each in (await api.get(f"{path}/versions", key=key)).json()["items"]
    }
    assert [each["value"] for each in versions["begins"]] == ["2099-02-01"]
    token = await api.token("requests:read")
    assert len((await api.get(f"{path}/supplements", token)).json()["items"]) == 1
    every = {each["field"]: each["versions"] for each in (await api.get(f"{path}/versions", token)).json()["items"]}
    assert [each["value"] for each in every["begins"]] == ["2099-10-03", "2099-02-01"]
