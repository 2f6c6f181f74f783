"""A slow task is escalated as declared: to its unit, to its manager and to its plugin, once each."""

from datetime import timedelta

from parvis import clock
from parvis.db.tables import Delivery
from parvis_sdk.events import TaskLate
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.tasks import Escalation
from parvis_testing.modules import switch
from parvis_testing.town import HOLE

from .asking import MONDAY, task

WARNED = task(unit="roads", days=4, escalate=(Escalation(at=50, to="unit"), Escalation(at=100), Escalation(at=200)))


async def asked(town, wanted=WARNED):
    with clock.moved_to(MONDAY):
        return await town.asks(Outcome(tasks=(wanted,)))


async def mails():
    rows = await Delivery.select(Delivery.subscriber, Delivery.event).order_by(Delivery.id)
    return [each["event"] for each in rows if each["subscriber"] == "channel:email"]


async def test_the_unit_is_told_at_half_and_its_managers_when_it_is_late(town):
    await town.desk.agent("manager", "public_works", name="Luc Roy")
    await town.desk.agent("agent", "roads", name="Ana Roy")
    record = await asked(town)
    before = len(await mails())
    assert await town.at(MONDAY + timedelta(days=1)) == 0
    assert await town.at(MONDAY + timedelta(days=3)) == 1
    (first,) = (await mails())[before:]
    assert "voirie@parvis.example" in first
    assert "Tâche bientôt à échéance" in first
    assert await town.at(MONDAY + timedelta(days=3)) == 0
    assert await town.at(MONDAY + timedelta(days=5)) == 1
    late = (await mails())[before + 1 :]
    assert len(late) == 1
    assert "manager.public_works" in late[0]
    assert "Tâche en retard" in late[0]
    assert [(each.share, each.unit, each.key) for each in town.heard(TaskLate)] == [
        (50, "roads", "look"),
        (100, "roads", "look"),
    ]
    assert "Tâche escaladée (50 % du délai) : Voir le trou" in await town.told(record)


async def test_letters_to_another_unit_say_no_more_of_the_request_than_its_number(town):
    record = await asked(town, task(unit="parks", days=4, escalate=(Escalation(at=50, to="unit"),)))
    before = len(await mails())
    assert await town.at(MONDAY + timedelta(days=3)) == 1
    (told,) = (await mails())[before:]
    assert f"Requête {record.reference}" in told
    assert HOLE.title.fr not in told


async def test_moments_that_were_missed_are_told_of_once_as_the_last(town):
    record = await asked(town)
    assert await town.at(MONDAY + timedelta(days=60)) == 1
    assert [each.share for each in town.heard(TaskLate)] == [200]
    assert (await town.kinds(record)).count("task_late") == 1


async def test_who_is_kept_from_the_request_is_not_told(town):
    import json

    from parvis.db import transaction
    from parvis.db.tables import ServiceRequest

    person = await town.desk.agent("manager", "roads")
    record = await asked(town)
    async with transaction(town.host.engine):
        kept = {ServiceRequest.kept_from: json.dumps([str(person.id)])}
        await ServiceRequest.update(kept).where(ServiceRequest.id == record.id)
    before = len(await mails())
    await town.at(MONDAY + timedelta(days=6))
    assert [each for each in (await mails())[before:] if "manager.roads" in each] == []


async def test_nothing_is_escalated_where_tasks_are_off_and_goes_on_when_they_are_on_again(town):
    await asked(town)
    await switch(town.host, "off", "tasks")
    assert await town.at(MONDAY + timedelta(days=6)) == 0
    await switch(town.host, "on", "tasks")
    assert await town.at(MONDAY + timedelta(days=6)) == 1
