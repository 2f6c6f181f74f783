"""Where the module is switched off nobody acts on many at once; what somebody had begun comes to its end."""

from datetime import timedelta

from parvis import clock
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.history import entries_of
from parvis.requests.priority_names import URGENT
from parvis.worker.chores import chores_of, due_somewhere
from parvis_bulk_actions.actions import Prioritise
from parvis_bulk_actions.batches import BatchTarget, batch_of, begin
from parvis_bulk_actions.heard import GOES_ON, said_before
from parvis_testing.desk import said
from parvis_testing.modules import switch


async def test_the_queue_has_no_boxes_and_its_pages_are_not_there(desk, four):
    clerk = await desk.signed_in("manager")
    help_of_keys = said("Select the request, or all since the last one selected")
    assert 'form="many"' in (await clerk.get("/bureau")).text
    assert help_of_keys in clerk.text
    await switch(desk.host, "off", "bulk_actions")
    page = await clerk.get("/bureau")
    assert four[0].reference in page.text
    assert not [each for each in ('class="tick"', 'form="many"', "/bureau/plusieurs") if each in page.text]
    assert not [each for each in (help_of_keys, said("Act on the selected requests")) if each in clerk.text]
    assert (await clerk.get(f"/bureau/plusieurs?r={four[0].reference}")).status_code == 404


async def test_what_was_begun_is_done_in_the_name_of_who_began_it(desk, four):
    clerk, id = await desk.signed_in("manager"), new_id()
    chosen = [BatchTarget(reference=each.reference, version=each.version) for each in four]
    actor = Actor(kind="agent", id=clerk.person.id, name=clerk.person.name)
    await begin(desk.host, id, "parvis", Prioritise(priority=URGENT), chosen, actor=actor)
    town = desk.host.jurisdictions.jurisdiction("parvis")
    assert await said_before(desk.host, town, "off", "") == (GOES_ON.format(number="4"),)
    assert await said_before(desk.host, town, "on", "") == ()
    await switch(desk.host, "off", "bulk_actions")
    [chore] = [each for each in due_somewhere(desk.host, chores_of(desk.host)) if each.name == "batches"]
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        assert await chore.work() == 4
    assert [each.state for each in (await batch_of(id)).items] == ["done"] * 4
    record = await desk.record(four[0].reference)
    assert (record.priority, (await entries_of(record))[-1].actor.name) == (URGENT, clerk.person.name)
    assert await said_before(desk.host, town, "off", "") == ()
