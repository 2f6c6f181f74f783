"""What a plugin answers takes effect once, whole, and never more than its request allows."""

from datetime import timedelta

from parvis.db.tables import Delivery, Entry
from parvis.outbox import claim
from parvis.requests.actors import Actor
from parvis.requests.applied_outcomes import settle
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
NOTE = Text(fr="Bon de travail ouvert", en="Work order opened")


async def claimed_one(town):
    (claimed,) = await claim(town.host.engine, "worker", {"town.tell": 9}, most=9, lease=timedelta(seconds=60))
    return claimed


async def test_a_note_a_number_and_a_move_are_written_with_the_delivery(town):
    reference = (await town.submit()).reference
    claimed = await claimed_one(town)
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    await make_move(town.host, reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
    await settle(town.host, claimed, Outcome(note=NOTE, external_reference="BT-7", move="give_up"))
    record = await town.record(reference)
    assert record.state == "done"
    assert record.external_references == {"town": "BT-7"}
    kinds = [entry.kind for entry in await entries_of(record)]
    assert kinds == ["submitted", "moved", "moved", "external", "moved"]
    delivery = await Delivery.select().where(Delivery.id == claimed.id).first()
    assert (delivery["state"], delivery["external_reference"]) == ("done", "BT-7")
    assert await broken_at(record) is None


async def test_a_move_that_the_system_may_not_make_is_noted_and_not_made(town):
    reference = (await town.submit()).reference
    await settle(town.host, await claimed_one(town), Outcome(move="start"))
    record = await town.record(reference)
    assert record.state == "received"
    words = (await entries_of(record))[-1].personal["note"]
    assert words["fr"].startswith("L’extension « town » a demandé l’étape « start », qui n’a pas eu lieu")


async def test_an_answer_that_comes_after_the_lease_changes_nothing(town):
    reference = (await town.submit()).reference
    claimed = await claimed_one(town)
    await settle(town.host, claimed, Outcome(note=NOTE))
    await settle(town.host, claimed, Outcome(note=NOTE))
    record = await town.record(reference)
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "external"]


async def test_messages_become_deliveries_of_their_channel(town):
    await town.submit()
    message = OutgoingMessage(to="zoe@exemple.ca", subject="Reçu", text="Merci", language="fr")
    await settle(town.host, await claimed_one(town), Outcome(messages=(message,)))
    subscribers = {row["subscriber"]: row["state"] for row in await Delivery.select()}
    assert subscribers == {"town.tell": "done", "channel:email": "waiting"}


async def test_an_answer_that_comes_after_the_data_was_destroyed_brings_nothing_back(town):
    reference = (await town.submit()).reference
    claimed = await claimed_one(town)
    await erase(town.host, reference, actor=ANA)
    await settle(town.host, claimed, Outcome(note=Text(fr="Zoé Côté a rappelé"), external_reference="BT-7"))
    record = await town.record(reference)
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "erased"]
    assert await Entry.count().where(Entry.personal.is_not_null()) == 0
    assert (await Delivery.select().where(Delivery.id == claimed.id).first())["state"] == "done"
