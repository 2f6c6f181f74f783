"""Switched off, the module finishes: announcements reach everybody, the ledger records it, nothing new is gathered."""

import pytest

from parvis import clock
from parvis.identifiers import new_id
from parvis.requests.keeping.retention import erase
from parvis.requests.offered import type_of
from parvis.requests.records import get
from parvis.requests.request_service import RequestService
from parvis.worker import Relay
from parvis.worker.chores import chores_of, do_due, due_somewhere
from parvis_incidents import telling
from parvis_incidents.attaching import attach_due
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.tables import IncidentRequest, IncidentTold
from parvis_incidents.telling import announce_word
from parvis_migration.importing import ImportedRequest, bring_in
from parvis_sdk.problems import Problems
from parvis_testing.modules import switch
from parvis_testing.town import HERE

from .test_ledger import ANA, BOIL, TITLE, person, wet

__all__ = ["wet"]


@pytest.fixture
async def incident(wet):
    """Under way, with three people whom it concerns; its record."""
    for name in ("ana", "luc", "zoe"):
        await wet.submit(requester=person(name))
    raw = {"language": "fr", "answers": {"what": "storm"}, "requester": {"mode": "anonymous"}}
    receipt = await wet.counter.submit("parvis", "incident", raw, channel="counter", actor=ANA, declares=True)
    await wet.host.of(Bulletin).look(wet.host.jurisdictions)
    assert await attach_due(wet.host) == 3
    return await wet.record(receipt.reference)


async def test_an_announcement_that_was_begun_reaches_everybody_and_the_ledger_hears_of_it(wet, incident, monkeypatch):
    async def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(telling, "_tell_those_there", killed)
        await announce_word(wet.host, incident, new_id(), TITLE, BOIL, actor=ANA)
    assert await IncidentTold.count() == 0
    await switch(wet.host, "off")
    due = due_somewhere(wet.host, chores_of(wet.host))
    assert {each.name for each in due} & {"incidents", "words"} == {"words"}
    assert "words" in await do_due(wet.host.engine, due, "w")
    await Relay(wet.host).drain()
    assert {row["state"] for row in await IncidentTold.select()} == {"told"}
    assert await IncidentTold.count() == 3


async def test_nothing_new_is_gathered_and_no_incident_is_declared(wet, incident):
    await switch(wet.host, "off")
    assert not isinstance(await wet.submit(requester=person("max")), Problems)
    of_the_past = ImportedRequest(key="P-1", type="hole", submitted_at=clock.now())
    assert not isinstance(
        await bring_in(wet.host, wet.host.jurisdictions.jurisdiction("parvis"), "old", of_the_past), Problems
    )
    assert await attach_due(wet.host) == 0
    assert await IncidentRequest.count() == 3
    parvis = wet.host.jurisdictions.jurisdiction("parvis")
    assert type_of(wet.host, parvis, "incident") is None
    raw = {"language": "fr", "answers": {"what": "storm"}, "requester": {"mode": "anonymous"}}
    refused = await RequestService(wet.host).submit(
        "parvis", "incident", raw, channel="counter", actor=ANA, declares=True
    )
    assert isinstance(refused, Problems)
    await switch(wet.host, "on")
    assert await attach_due(wet.host) == 1  # not what came from another system


async def test_who_was_told_goes_with_the_request_that_is_erased(wet, incident):
    await announce_word(wet.host, incident, new_id(), TITLE, BOIL, actor=ANA)
    await switch(wet.host, "off")
    (row, *_) = await IncidentRequest.select().order_by(IncidentRequest.id)
    record = await get(wet.host, row["request"])
    await erase(wet.host, record.reference, actor=ANA)
    assert await IncidentTold.count().where(IncidentTold.request == row["request"]) == 0
    assert await IncidentTold.count() == 3


async def test_what_an_older_system_had_joins_no_incident_of_today(wet, incident):
    parvis = wet.host.jurisdictions.jurisdiction("parvis")
    of_the_past = ImportedRequest(key="P-2", type="hole", submitted_at=clock.now(), place=HERE)
    receipt = await bring_in(wet.host, parvis, "old", of_the_past)
    await attach_due(wet.host)
    assert await IncidentRequest.count() == 3
    await wet.submit(requester=person("max"))
    assert await IncidentRequest.count() == 4  # what came in here does
    of_the_past_here = (await wet.record(receipt.reference)).id
    assert not await IncidentRequest.exists().where(IncidentRequest.request == of_the_past_here)
