"""Orders of requests that were merged: cancelled, or handed over where the other has none; another one when parted."""

import pytest
from msgspec import structs

from parvis_sdk.events import Joined, Moved, Submitted
from parvis_sdk.requests import Phase
from parvis_sdk.testing.desk import MORNING
from parvis_sdk.text import Text

from .conftest import REFERENCE
from .test_orders import HOLES, SUBMITTED, Desk, moved

KEPT = "9QXT-7K3M-2"
ABOUT = {"id": "2", "at": MORNING, "actor": "agent"}
LATER = structs.replace(HOLES, after=("triage",))


def told(did, reference=REFERENCE):
    return Joined(**ABOUT, reference=reference, did=did, now=Text(fr="Reçue"))


class Two:
    """A request and the one into which it is merged, with what is remembered of each."""

    def __init__(self, ledger, lent, asked, *mappings):
        self.ledger, self.lent, self.asked = ledger, lent, asked
        self.desk = Desk(ledger, lent, asked, *mappings)
        self.lent.requests[KEPT] = asked(reference=KEPT)

    async def hear(self, event, reference=REFERENCE, **given):
        kept = self.lent.kept.setdefault(reference, {})
        request = self.asked(reference=reference, remembered=dict(kept), **given)
        outcome = await self.desk.does.deliver(event, request, self.lent)
        self.keep(reference, outcome.remember if outcome else {})
        return outcome

    async def merge(self):
        return await self.hear(told("joined"), goes_on_with=KEPT, phase=Phase.CLOSED)

    async def part(self):
        return await self.hear(told("parted"))

    async def poll(self):
        news = await self.desk.does.changes(self.lent, "")
        for each in news.updates:
            self.keep(each.reference, each.remember)
        return news.updates

    def keep(self, reference, values):
        kept = self.lent.kept.setdefault(reference, {})
        for name, value in values.items():
            kept.pop(name, None) if value is None else kept.update({name: value})

    def stand(self):
        return {each.number: (each.key, each.state) for each in self.ledger.orders_there}


@pytest.fixture
def two(ledger, lent, asked):
    return lambda *mappings: Two(ledger, lent, asked, *mappings)


async def both_have_orders(here):
    await here.hear(SUBMITTED)
    await here.hear(Submitted(**ABOUT, reference=KEPT, type="pothole", state="received"), KEPT)


async def test_an_order_beside_another_one_is_cancelled_and_says_where_the_work_is_done(two, ledger):
    here = two()
    await both_have_orders(here)
    outcome = await here.merge()
    assert outcome.note.fr == f"Bon de travail WO-1 annulé\u00a0: le travail se fait pour la requête {KEPT}."
    assert here.stand() == {"WO-1": (REFERENCE, "dropped"), "WO-2": (KEPT, "open")}
    assert [(id, KEPT in words) for id, words, _ in ledger.remarks] == [("1", True)]
    before = list(ledger.acts)
    assert await here.hear(told("moved"), goes_on_with=KEPT, phase=Phase.CLOSED) is None  # a step of the other one
    assert ledger.acts == before


async def test_an_answer_that_was_lost_cancels_nothing_twice_and_is_taken_apart_all_the_same(two, ledger):
    here = two()
    await both_have_orders(here)
    before = dict(here.lent.kept[REFERENCE])
    await here.merge()
    here.lent.kept[REFERENCE] = before  # a crash after their commit and before ours
    assert (await here.merge()).note.fr.endswith(f"le travail se fait pour la requête {KEPT}.")
    assert [act for act in ledger.acts if act[0] == "change"] == [("change", ("state",))]
    await here.part()
    assert here.stand()["WO-3"] == (f"{REFERENCE}/2", "open")


async def test_taken_apart_it_has_another_order_and_once(two):
    here = two()
    await both_have_orders(here)
    await here.merge()
    outcome = await here.part()
    assert outcome.external_reference == "WO-3"
    assert here.stand()["WO-3"] == (f"{REFERENCE}/2", "open")
    assert await here.part() is None
    await here.merge()
    assert here.stand()["WO-3"] == (f"{REFERENCE}/2", "dropped")
    assert (await here.part()).external_reference == "WO-4"


async def test_where_the_other_has_none_the_order_becomes_its_and_news_of_the_crew_are_its(two, ledger):
    here = two(LATER)
    await here.hear(moved("triage"))
    before = dict(here.lent.kept[REFERENCE])
    for _ in range(2):  # the second time after a lost answer
        here.lent.kept[REFERENCE] = dict(before)
        outcome = await here.merge()
        assert outcome.note.fr == f"Bon de travail WO-1 transféré à la requête {KEPT}."
    assert here.stand() == {"WO-1": (KEPT, "open")}
    [update] = await here.poll()
    assert (update.reference, update.external_reference, update.move) == (KEPT, "WO-1", "")
    ledger.put("1", state="done", note="Asphalte")
    [update] = await here.poll()
    assert (update.reference, update.move) == (KEPT, "resolve")
    assert await here.poll() == ()
    outcome = await here.part()
    assert outcome.external_reference == "WO-2"
    assert here.stand() == {"WO-1": (KEPT, "done"), "WO-2": (f"{REFERENCE}/2", "open")}


async def test_what_was_handed_over_is_found_by_its_next_step_before_any_poll(two):
    here = two(LATER)
    await here.hear(moved("triage"))
    await here.merge()
    step = Moved(**ABOUT, reference=KEPT, type="pothole", transition="triage", source="a", target="b")
    assert (await here.hear(step, KEPT)).external_reference == "WO-1"
    assert here.stand() == {"WO-1": (KEPT, "open")}


async def test_what_was_handed_over_goes_on_when_the_other_is_merged_too(two):
    here, last = two(LATER), "2222-3333-4"
    await here.hear(moved("triage"))
    await here.merge()
    here.lent.requests[last] = here.asked(reference=last)
    await here.hear(told("joined", KEPT), KEPT, goes_on_with=last, phase=Phase.CLOSED)
    assert here.stand() == {"WO-1": (last, "open")}


async def test_an_order_that_nobody_can_cancel_is_asked_to_be_and_goes_on_when_taken_apart(two):
    here = two(structs.replace(HOLES, cancelled={}))
    await both_have_orders(here)
    assert "À annuler dans le système des travaux" in (await here.merge()).note.fr
    parted = await here.part()
    assert parted.note.fr == "Bon de travail WO-1 repris."
    assert [each.key for each in parted.tasks_over] == ["cancel:1"]
    assert here.stand() == {"WO-1": (REFERENCE, "open"), "WO-2": (KEPT, "open")}


async def test_what_would_have_become_an_order_meanwhile_becomes_one_when_taken_apart(two):
    here = two()
    outcome = await here.hear(SUBMITTED, goes_on_with=KEPT, phase=Phase.CLOSED)  # merged before we were told of it
    assert outcome.note is None
    assert await here.merge() is None
    assert here.stand() == {}
    assert (await here.part()).external_reference == "WO-1"
    assert here.stand() == {"WO-1": (REFERENCE, "open")}


async def test_an_order_that_was_over_before_is_left_alone(two, ledger):
    here = two()
    await here.hear(SUBMITTED)
    ledger.put("1", state="done")
    await here.poll()
    assert await here.merge() is None
    assert await here.part() is None
    assert here.stand() == {"WO-1": (REFERENCE, "done")}
