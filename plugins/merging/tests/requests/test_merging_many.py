"""Many reports of one thing joined at once: the preview says what then becomes of each, and nobody is told twice."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import counted
from parvis.db.tables import Delivery
from parvis.identifiers import new_id
from parvis.requests.amendments import amend, assign, stop
from parvis.requests.history import broken_at, entries_of
from parvis.requests.persons.followers import followers_of
from parvis.requests.queue_actions import OfModule
from parvis.requests.relations.merged import going_on_with
from parvis.requests.relations.ties import ties_of
from parvis_bulk_actions.actions import Undo, judge
from parvis_bulk_actions.batches import BatchTarget, batch_of, begin, begin_undo, go_on, resume
from parvis_merging.for_many import JOIN_TO, MERGE
from parvis_merging.weighing import weigh
from parvis_sdk.requests import Phase
from parvis_testing.street import ANA, EVERYWHERE, an_agent


def merging(into):
    """The action that joins others to this one."""
    return OfModule(name=MERGE, title=JOIN_TO.format(reference=into.reference), given={"into": into.reference})


class Batches:
    """Merging several of a street at once, as the desk does."""

    def __init__(self, street):
        self.street, self.host = street, street.host

    async def chosen(self, records):
        now = [await self.street.now(one) for one in records]
        return [BatchTarget(reference=one.reference, version=one.version) for one in now]

    async def merge(self, records, into, viewer=EVERYWHERE):
        id = new_id()
        await begin(self.host, id, "parvis", merging(into), await self.chosen(records), actor=ANA)
        await go_on(self.host, id, viewer)
        return await batch_of(id)

    async def undo(self, batch, viewer=EVERYWHERE):
        id = await begin_undo(self.host, batch, actor=ANA)
        await go_on(self.host, id, viewer)
        return await batch_of(id)

    async def told(self, doing):
        """Who is written to for what `doing` does, which answers with a batch."""
        kept = {}

        async def and_a_record():
            kept["batch"] = await doing
            return await self.street.now(kept["batch"].items[0])

        return await self.street.told(and_a_record()), kept["batch"]


@pytest.fixture
def batches(street):
    return Batches(street)


async def test_all_go_on_with_the_one_that_is_kept_and_each_person_is_told_once(street, batches):
    kept = await street.report("Luc")
    zoe, again, own = [await street.report(name) for name in ("Zoe", "Zoe", "Luc")]
    by_phone = await street.report("Bo", person={"email": "", "phone": "514 555-0199", "preferred_channel": "phone"})
    await street.follow(zoe, "voisine@exemple.ca")
    silent = await street.report("Max")
    await stop(street.host, silent.reference)
    records = [zoe, again, own, by_phone, silent]
    before = await weigh(street.host, EVERYWHERE, records, kept.reference)
    assert [(each.refused, each.told, each.followers) for each in before] == [
        (None, "email", 1),
        (None, "own", 0),
        (None, "email", 0),
        (None, "phone", 0),
        (None, "", 0),
    ]
    told, batch = await batches.told(batches.merge(records, kept))
    assert [item.state for item in batch.items] == ["done"] * 5
    assert [(to, reference) for to, reference, _ in told] == [
        ("zoe@exemple.ca", zoe.reference),
        ("luc@exemple.ca", own.reference),
        ("by hand", by_phone.reference),
    ]
    assert "Une autre personne" in told[0][2]
    assert "Vous avez signalé le même problème plus d’une fois" in told[1][2]
    now = await street.now(kept)
    assert (now.phase, now.duplicates) == (Phase.RECEIVED, 5)
    assert {each.reference for each in await going_on_with(now)} == {each.reference for each in records}
    assert [each.email for each in await followers_of(street.host, now)] == ["voisine@exemple.ca"]
    for record in (*records, kept):
        assert await broken_at(await street.now(record)) is None
    told = await street.told(street.move(kept))
    assert sorted(to for to, _, _ in told) == ["by hand", "luc@exemple.ca", "voisine@exemple.ca", "zoe@exemple.ca"]


@pytest.mark.parametrize("case", ["itself", "merged already", "closed", "not of the same type", "hidden", "fine"])
async def test_the_preview_says_of_each_why_it_is_not_joined_and_the_batch_says_the_same(street, batches, case):
    one, kept, third = [await street.report(name) for name in ("Zoe", "Luc", "Ana")]
    viewer, state = EVERYWHERE, "refused"
    match case:
        case "itself":
            one = kept
        case "merged already":
            await street.merge(one, third)
        case "closed":
            await street.move(one, "resolve")
        case "not of the same type":
            one = await street.report("Eva", of={"type": "quarrel"}, answers={"kind": "noise"})
        case "hidden":
            await assign(street.host, one.reference, unit="parks", actor=ANA)
            await assign(street.host, kept.reference, unit="roads", actor=ANA)
            viewer = an_agent("roads")
        case "fine":
            state = "done"
    now = await street.now(one)
    [weighed] = await weigh(street.host, viewer, [now], kept.reference)
    judged = await judge(street.host, viewer, now, merging(kept))
    batch = await batches.merge([now], kept, viewer)
    assert [item.state for item in batch.items] == [state]
    said = batch.items[0].said
    assert said == (weighed.refused.reason if weighed.refused else None)
    assert judged == said
    assert (await street.now(one)).version == now.version + (state == "done")


async def test_what_a_colleague_changed_since_is_left_alone_and_a_kept_one_that_is_merged_meanwhile_takes_none(
    street, batches
):
    one, other, kept, third = [await street.report(name) for name in ("Zoe", "Luc", "Eva", "Bo")]
    seen = await batches.chosen([one, other])
    await assign(street.host, one.reference, unit="roads", actor=ANA)
    id = new_id()
    await begin(street.host, id, "parvis", merging(kept), seen, actor=ANA)
    await street.merge(kept, third)
    await go_on(street.host, id, EVERYWHERE)
    items = (await batch_of(id)).items
    assert [item.state for item in items] == ["changed", "refused"]
    assert "elle-même fusionnée avec une troisième" in items[1].said.fr
    assert (await street.now(other)).merged_into is None


async def test_taken_back_each_stands_where_it_stood_and_is_told_and_the_second_press_does_nothing(street, batches):
    kept, one, other, third = [await street.report(name) for name in ("Luc", "Zoe", "Eva", "Bo")]
    await street.follow(one, "voisine@exemple.ca")
    before = [await street.now(each) for each in (one, other)]
    batch = await batches.merge([one, other, third], kept)
    await street.move(kept)  # the kept one goes on meanwhile: what was joined comes back all the same
    await street.part(third)  # apart already
    told, undone = await batches.told(batches.undo(batch))
    assert [item.state for item in undone.items] == ["done", "done", "changed"]
    assert [to for to, _, _ in told] == ["zoe@exemple.ca", "eva@exemple.ca"]
    for was, now in zip(before, [await street.now(each) for each in (one, other)], strict=True):
        assert (now.state, now.phase, now.merged_into, now.public) == (was.state, was.phase, None, was.public)
    assert [each.email for each in await followers_of(street.host, await street.now(one))] == ["voisine@exemple.ca"]
    assert (await street.now(kept)).duplicates == 0
    assert await ties_of(await street.now(one)) == ()
    again = await batches.undo(batch)
    assert again.id == undone.id
    assert (await entries_of(await street.now(one)))[-1].kind == "parted"
    assert (await batches.undo(undone)).items[0].state == "refused"


async def test_not_taken_back_by_another_person_nor_after_an_hour(street, batches):
    with clock.moved_to(clock.now()) as time:
        kept, one, other = [await street.report(name) for name in ("Luc", "Zoe", "Eva")]
        batch = await batches.merge([one, other], kept)
        blind = await batches.undo(batch, an_agent(rights=("see",)))
        assert [item.state for item in blind.items] == ["refused", "refused"]
        time.forward(minutes=61)
        id = new_id()
        await begin(street.host, id, "parvis", Undo(of=batch.id), await batches.chosen([one]), actor=ANA)
        await go_on(street.host, id, EVERYWHERE)
        assert [item.state for item in (await batch_of(id)).items] == ["refused"]
    assert (await street.now(one)).merged_into == kept.id


async def test_what_a_killed_process_left_is_joined_by_the_chore_once(street, batches):
    kept, one, other = [await street.report(name) for name in ("Luc", "Zoe", "Eva")]
    id = new_id()
    chosen = await batches.chosen([one, other])
    await begin(street.host, id, "parvis", merging(kept), chosen, actor=ANA)
    await go_on(street.host, id, EVERYWHERE, until=clock.now())

    async def viewer_of(agent):
        return EVERYWHERE

    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        assert await resume(street.host, viewer_of) == 2
        assert await resume(street.host, viewer_of) == 0
    assert (await street.now(kept)).duplicates == 2


async def test_weighing_costs_no_more_for_many_than_for_one(street):
    kept, *others = [await street.report(name) for name in ("Luc", "Zoe", "Eva", "Bo", "Max")]
    costs = []
    for records in (others[:1], others):
        with counted() as queries:
            await weigh(street.host, EVERYWHERE, records, kept.reference)
        costs.append(queries.count)
    assert costs[0] == costs[1]


async def test_a_merged_one_is_neither_amended_nor_announced_twice(street, batches):
    kept, one = await street.report("Luc"), await street.report("Zoe")
    await batches.merge([one], kept)
    count = await Delivery.count()
    again = await batches.merge([one], kept)
    assert [item.state for item in again.items] == ["refused"]
    assert await Delivery.count() == count
    assert not isinstance(await amend(street.host, one.reference, type="quarrel", actor=ANA), type(one))
