"""At the desk, a task stands on the page of its request and in the list of its unit, and is done with a note."""

from datetime import timedelta

from parvis import clock
from parvis_sdk.events import TaskDone
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text
from parvis_testing.desk import address
from parvis_testing.town import HOLE

from ..asking import task

LIST = "/bureau/a-faire"


async def asked(town, **given):
    return await town.asks(Outcome(tasks=(task(what=Text(fr="Prenez des gants."), **given),)))


async def test_an_agent_does_it_on_the_page_of_the_request_and_the_plugin_hears_of_its_unit(town, desk):
    record = await asked(town)
    clerk = await desk.signed_in(unit="roads")
    await clerk.get(address(record))
    for words in ("À faire", "Voir le trou", "Prenez des gants.", "Voirie"):
        assert words in clerk.text, words
    (kept,) = await town.tasks(record)
    await clerk.post(f"{LIST}/{kept.id}", note="C’est bouché")
    assert "La tâche est faite." in clerk.text
    assert "C’est bouché" in clerk.text
    await town.relay.drain()
    (heard,) = town.heard(TaskDone)
    assert (heard.key, heard.unit, heard.plugin, heard.actor) == ("look", "roads", "town", "agent")
    assert "Ana" not in repr(heard)
    assert "bouché" not in repr(heard)
    again = await clerk.post(f"{LIST}/{kept.id}")
    assert again.status_code == 409


async def test_another_unit_does_it_in_its_list_without_seeing_the_request(town, desk):
    record = await asked(town, unit="parks")
    clerk = await desk.signed_in(unit="parks")
    await clerk.get(LIST)
    assert "Voir le trou" in clerk.text
    assert f"/bureau/requete/{record.reference}" not in clerk.text
    assert record.reference in clerk.text
    assert HOLE.title.fr not in clerk.text  # what it is about may be nobody's business
    (kept,) = await town.tasks(record)
    await clerk.post(f"{LIST}/{kept.id}", **{"from": "list", "note": "Fait"})
    assert "La tâche est faite." in clerk.text
    assert "Vos unités n’ont aucune tâche." in clerk.text
    twice = await clerk.post(f"{LIST}/{kept.id}", **{"from": "list"})
    assert twice.status_code == 409
    assert "Cette tâche est déjà faite" in clerk.text


async def test_who_works_in_neither_unit_may_not_and_reads_nothing_of_it(town, desk):
    record = await asked(town, unit="parks")
    clerk = await desk.signed_in(unit="lighting")
    await clerk.get(LIST)
    assert "Voir le trou" not in clerk.text
    (kept,) = await town.tasks(record)
    assert (await clerk.post(f"{LIST}/{kept.id}")).status_code == 403
    assert (await clerk.post(f"{LIST}/x")).status_code == 404
    observer = await desk.signed_in("observer")
    await observer.get(address(record))
    assert "Voir le trou" in observer.text
    assert f"{LIST}/{kept.id}" not in observer.text
    assert await town.states(record) == [("look", "open")]


async def test_what_is_for_a_manager_no_agent_does(town, desk):
    record = await asked(town, by="manager")
    (kept,) = await town.tasks(record)
    clerk, manager = await desk.signed_in(unit="roads"), await desk.signed_in("manager", "roads")
    await clerk.get(LIST)
    assert "Voir le trou" not in clerk.text
    assert (await clerk.post(f"{LIST}/{kept.id}")).status_code == 403
    await manager.get(LIST)
    assert "par la gestion" in manager.text
    await manager.post(f"{LIST}/{kept.id}")
    assert await town.states(record) == [("look", "done")]


async def test_what_is_late_stands_among_what_is_stalled(town, desk):
    with clock.moved_to(clock.now() - timedelta(days=30)):
        await asked(town, unit="parks", days=2)
    clerk = await desk.signed_in(unit="parks")
    await clerk.get("/bureau/ce-qui-traine")
    assert "Tâches des extensions" in clerk.text
    assert "dont l’échéance est dépassée" in clerk.text
    await clerk.get(LIST)
    assert "En retard" in clerk.text


async def test_the_queue_is_narrowed_to_requests_with_a_task_or_a_late_one(town, desk):
    with clock.moved_to(clock.now() - timedelta(days=30)):
        late = await asked(town, days=2)
    fresh, without = await asked(town, days=20), await desk.request("hole", "roads")
    clerk = await desk.signed_in(unit="roads")
    for value, there, title in (
        ("attente", {late.reference, fresh.reference}, "Tâche à faire"),
        ("retard", {late.reference}, "Tâche en retard"),
    ):
        await clerk.get(f"/bureau?tache={value}")
        every = {late.reference, fresh.reference, without.reference}
        assert {each for each in every if each in clerk.text} == there
        assert title in clerk.text


async def test_who_is_kept_from_the_request_neither_reads_nor_does_it(town, desk):
    import json

    from parvis.db import transaction
    from parvis.db.tables import ServiceRequest

    record = await asked(town, unit="parks")
    clerk = await desk.signed_in(unit="parks")
    async with transaction(desk.host.engine):
        kept_from = {ServiceRequest.kept_from: json.dumps([str(clerk.person.id)])}
        await ServiceRequest.update(kept_from).where(ServiceRequest.id == record.id)
    await clerk.get(LIST)
    assert "Voir le trou" not in clerk.text
    (kept,) = await town.tasks(record)
    assert (await clerk.post(f"{LIST}/{kept.id}")).status_code == 403
