"""A telephone system tells which call rings at whom."""

from parvis import clock
from parvis.people.agents import Grant, add_agent
from parvis.requests.actors import Actor
from parvis_telephone.announced_calls import announced, note_call, ringing
from parvis_telephone.tables import AnnouncedCall


async def test_a_telephone_system_announces_a_call_once_and_tells_its_recording_later(api):
    grants = (Grant(role="clerk", jurisdiction="parvis"),)
    clerk = await add_agent(
        api.host.engine, email="ana@parvis.example", name="Ana", password="a long pass phrase", grants=grants
    )
    headers = await api.token("calls:announce")
    body = {"number": "(418) 555-0199", "agent": "Ana@parvis.example", "call": "pbx-1"}
    told = await api.post("/calls", body, headers)
    assert told.status_code == 200
    assert told.json()["link"].endswith(f"/bureau/nouvelle?appel={told.json()['id']}")
    again = await api.post("/calls", {**body, "recording": "rec/1.wav"}, headers)
    assert again.json() == told.json()
    (row,) = await AnnouncedCall.select()
    assert (row["agent"], row["number"], row["recording"]) == (clerk.id, "+14185550199", "rec/1.wav")


async def test_a_call_that_is_transferred_rings_anew_and_one_that_is_kept_with_a_request_stays_as_it_is(api):
    grants = (Grant(role="clerk", jurisdiction="parvis"),)
    ana, luc = [
        await add_agent(
            api.host.engine, email=f"{name}@parvis.example", name=name, password="a long pass phrase", grants=grants
        )
        for name in ("ana", "luc")
    ]
    headers, town = await api.token("calls:announce"), api.host.jurisdictions.jurisdiction("parvis")
    body = {"number": "4185550199", "agent": "ana@parvis.example", "call": "pbx-1"}
    with clock.moved_to(clock.now()) as time:
        await api.post("/calls", body, headers)
        time.forward(minutes=11)
        await api.post("/calls", {**body, "recording": "rec/1.wav"}, headers)
        assert await ringing(town, ana.id) is None  # its recording makes nothing ring
        await api.post("/calls", {**body, "agent": "luc@parvis.example"}, headers)
        assert (await ringing(town, luc.id)).recording == "rec/1.wav"
    reference = (await api.filed())["reference"]
    (row,) = await AnnouncedCall.select()
    call = await announced(town, luc.id, str(row["id"]))
    await note_call(api.host, reference, "", call, actor=Actor(kind="agent", id=luc.id, name="luc"))
    other = await api.post("/calls", {**body, "number": "5145550133", "recording": "rec/2.wav"}, headers)
    assert other.status_code == 409
    (kept,) = await AnnouncedCall.select()
    assert (kept["agent"], kept["number"], kept["recording"]) == (luc.id, "+14185550199", "rec/1.wav")


async def test_who_may_not_announce_and_what_is_no_call_is_refused(api):
    headers = await api.token("calls:announce")
    body = {"number": "4185550199", "agent": "nobody@parvis.example", "call": "pbx-1"}
    assert (await api.post("/calls", body)).status_code == 401
    assert (await api.post("/calls", body, await api.token("requests:write"))).status_code == 403
    assert (await api.post("/calls", body, headers)).status_code == 422
    assert (await api.post("/calls", {**body, "number": "911911911911911911"}, headers)).status_code == 422
    assert await AnnouncedCall.count() == 0
