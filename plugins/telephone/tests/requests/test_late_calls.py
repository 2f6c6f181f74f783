"""A call that nobody made in time is taken higher, once for each step, whatever happens to workers and clocks."""

import asyncio
import dataclasses
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery, OwedContact
from parvis.identifiers import new_id
from parvis.people.agents import Grant, add_agent
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.timeline import story
from parvis.requests.work.untold import owe
from parvis.unit_managers import chiefs_of
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text
from parvis_telephone import late_letters
from parvis_telephone.calls import calls_of, mark
from parvis_telephone.escalating import escalate_late
from parvis_telephone.late_letters import send_late_letters
from parvis_telephone.tables import LateCall
from parvis_testing.modules import switch

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
SATURDAY = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)  # six in the evening, every office closed
HAROLD = {"mode": "named", "name": "Harold Pike", "phone": "514 555-0163"}
BOIL = ByHand(
    way="phone",
    about=Text(fr="Avis d’ébullition", en="Boil-water advisory"),
    say=Text(fr="Faites bouillir l’eau.", en="Boil the water."),
    urgency="emergency",
)
USUAL = structs.replace(BOIL, urgency="normal")


@pytest.fixture
async def people(town):
    """Ana manages roads, Ève the whole town."""

    async def hired(name, unit=""):
        grants = (Grant(role="manager", jurisdiction="parvis", unit=unit),)
        email = f"{name}@parvis.example"
        return await add_agent(town.host.engine, email=email, name=name, password="quatre chevaux", grants=grants)

    return {"ana": await hired("ana", "roads"), "eve": await hired("eve")}


async def owed(town, told=BOIL):
    reference = (await town.submit(requester=HAROLD)).reference
    await assign(town.host, reference, unit="roads", assignee=None, actor=ANA)
    async with transaction(town.host.engine):
        await owe(town.host, await town.record(reference), new_id(), told)
    return reference


async def chores(town):
    engine = town.host.engine
    escalated = await escalate_late(town.host, lambda code: chiefs_of(engine, code))
    return escalated, await send_late_letters(town.host)


async def mails():
    rows = await Delivery.select(Delivery.event).where(Delivery.subscriber == "channel:email").order_by(Delivery.id)
    return [msgspec.json.decode(row["event"])["message"] for row in rows]


async def told():
    return [each["to"].partition("@")[0] for each in await mails()]


async def escalated(town, reference):
    entries = await entries_of(await town.record(reference))
    return [each.body["step"] for each in entries if each.kind == "call_escalated"]


async def test_an_emergency_goes_to_the_manager_of_its_unit_then_higher_while_every_office_is_closed(town, people):
    with clock.moved_to(SATURDAY) as time:
        reference = await owed(town)
        time.forward(minutes=119)
        assert await chores(town) == (0, 0)
        time.forward(minutes=1)
        assert await chores(town) == (1, 1)
        assert await chores(town) == (0, 0)
        (call,) = await calls_of(town.host, await town.record(reference), town.agent("see"))
        assert call.escalated == 1
        time.forward(hours=2)
        assert await chores(town) == (1, 1)
        time.forward(days=30)
        assert await chores(town) == (0, 0)
    assert await told() == ["ana", "eve"]
    assert await escalated(town, reference) == [1, 2]
    record = await town.record(reference)
    steps = [each for each in await story(town.host, record, town.agent("see"), "fr") if "escaladé" in each.title]
    assert [each.words for each in steps] == ["Personnes avisées\u00a0: ana", "Personnes avisées\u00a0: eve"]
    (first, _) = await mails()
    assert "URGENCE · " + reference in first["text"]
    assert "quand=en-retard" in first["text"]
    assert "Harold" not in first["text"]
    assert await broken_at(record) is None


async def test_a_mail_leads_to_the_town_and_tells_nothing_of_one_where_it_is_off(town, people):
    town.host = named_apart(town.host)
    with clock.moved_to(SATURDAY) as time:
        reference = await owed(town)
        time.forward(hours=2)
        assert await chores(town) == (1, 1)
        await owed(town)
        time.forward(hours=2)
        await escalate_late(town.host, lambda code: chiefs_of(town.host.engine, code))
        await switch(town.host, "off", "telephone")
        assert await send_late_letters(town.host) == 0
    (mail,) = await mails()
    assert f"https://second.example/bureau/requete/{reference}" in mail["text"]
    assert "https://second.example/bureau/appels?quand=en-retard" in mail["text"]


def named_apart(host):
    """The same host, whose default is another town."""
    towns = host.jurisdictions
    second = structs.replace(towns.jurisdiction("parvis"), hosts=("second.example",))
    apart = structs.replace(towns, by_code={**towns.by_code, "parvis": second}, default="rivemont")
    return dataclasses.replace(host, jurisdictions=apart, base_url="https://first.example")


async def test_one_call_that_tells_several_things_is_taken_higher_and_counted_once(town, people):
    with clock.moved_to(SATURDAY) as time:
        reference = await owed(town)
        async with transaction(town.host.engine):
            await owe(town.host, await town.record(reference), new_id(), BOIL)
        time.forward(hours=2)
        assert await chores(town) == (1, 1)
        time.forward(hours=2)
        assert await chores(town) == (1, 1)
    assert await escalated(town, reference) == [1, 2]
    for mail in await mails():
        assert mail["subject"].endswith(" 1")
        assert mail["text"].count("URGENCE") == 1


async def test_what_is_told_or_tried_stays_where_it_is(town, people):
    with clock.moved_to(SATURDAY) as time:
        made, tried = await owed(town), await owed(town)
        time.forward(minutes=119)
        for reference, result in ((made, "told"), (tried, "again")):
            ids = [
                row["id"] for row in await OwedContact.select() if row["request"] == (await town.record(reference)).id
            ]
            await mark(town.host, reference, ids, result, actor=ANA)
        time.forward(minutes=30)
        assert await chores(town) == (0, 0)  # put off until an hour from the try
        time.forward(minutes=31)
        assert await chores(town) == (1, 1)
        time.forward(hours=1)
        await mark(town.host, tried, ids, "again", actor=ANA)
        time.forward(minutes=90)
        assert await chores(town) == (0, 0)  # two hours after the first try’s end, but not after that of this one
        (late,) = await LateCall.select()
        assert late["next_at"] > clock.now()
        time.forward(minutes=90)
        assert await chores(town) == (1, 1)
        await mark(town.host, tried, ids, "told", actor=ANA)
        assert await chores(town) == (0, 0)
        assert await LateCall.count() == 0
    assert await escalated(town, made) == []
    assert await escalated(town, tried) == [1, 2]


async def test_an_ordinary_one_waits_for_days_of_work_and_a_clock_that_goes_back_tells_nobody_twice(town, people):
    with clock.moved_to(SATURDAY) as time:
        reference = await owed(town, USUAL)
        await erase(town.host, await owed(town, USUAL), reason="asked", actor=ANA)
        time.forward(days=2)
        assert await chores(town) == (0, 0)  # Monday evening: a day of work ends on Tuesday
        time.forward(days=1)
        assert await chores(town) == (1, 1)
        time.forward(days=-2)
        assert await chores(town) == (0, 0)
        time.forward(days=3)
        assert await escalated(town, reference) == [1]
        time.forward(days=2)
        assert await chores(town) == (1, 1)
    assert await told() == ["ana", "eve"]


async def test_many_workers_write_one_mail_and_one_that_is_killed_loses_none(town, people, monkeypatch):
    with clock.moved_to(SATURDAY) as time:
        references = [await owed(town) for _ in range(4)]
        time.forward(hours=2)

        async def killed(*given, **named):
            raise asyncio.CancelledError

        with monkeypatch.context() as broken:
            broken.setattr(late_letters, "write_message", killed)
            with pytest.raises(asyncio.CancelledError):
                await chores(town)
        assert await mails() == []
        done = await asyncio.gather(*(chores(town) for _ in range(4)))
        assert [sum(part) for part in zip(*done, strict=True)] == [0, 1]
    assert [await escalated(town, each) for each in references] == [[1]] * 4
    (mail,) = await mails()
    assert mail["subject"].endswith(" 4")
