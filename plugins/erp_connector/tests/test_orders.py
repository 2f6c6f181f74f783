"""What becomes of work orders: made once, changed where we changed, cancelled, made anew; what crews say comes once."""

import pytest
from msgspec import structs

from parvis_erp_connector.orders import Orders
from parvis_erp_connector.port import Order, Proof, Work
from parvis_erp_connector.settings import WorkOrders
from parvis_sdk.errors import Foreign, Later
from parvis_sdk.events import Amended, Erased, Joined, Moved, Resent, Submitted, Withdrawn
from parvis_sdk.requests import Attachment, Phase, Place
from parvis_sdk.testing.desk import MORNING
from parvis_sdk.text import Text

from .conftest import REFERENCE

ABOUT = {"id": "1", "reference": REFERENCE, "at": MORNING, "actor": "agent"}
STRANGER = "2222-2222-2"
PHOTO = Attachment(id="f1", name="trou.jpg", kind="image/jpeg", size=5)
WO_1 = "Bon de travail WO-1\u00a0:"
SUBMITTED = Submitted(**ABOUT, type="pothole", state="received")
HOLES = Work(
    to="orders",
    types=("pothole",),
    key="key",
    columns={"words": "type_title", "address": "place.address"},
    read="state",
    cost="cost",
    note="note",
    over=("done", "dropped"),
    moves={"begun": "start", "done": "resolve"},
    given={"done": {"reason": "{note}"}},
    again=("reopen",),
    cancelled={"state": "dropped"},
)
TREES = structs.replace(HOLES, to="jobs", types=("tree",))


def moved(transition):
    return Moved(**ABOUT, type="pothole", transition=transition, source="a", target="b")


class Desk:
    """A connector and one request, with what is remembered between two events."""

    def __init__(self, ledger, lent, asked, *mappings, **given):
        settings = WorkOrders(name="orders", system="x", mappings=mappings or (HOLES,), **given)
        self.does, self.ledger, self.lent, self.asked = (
            Orders(settings=settings, at=lambda _: ledger),
            ledger,
            lent,
            asked,
        )
        self.kept = lent.kept.setdefault(REFERENCE, {})

    def answers(self, erp):
        """From now on the other system answers like this."""
        self.does = structs.replace(self.does, at=lambda _: erp)

    async def hear(self, event, **given):
        outcome = await self.does.deliver(event, self.asked(remembered=dict(self.kept), **given), self.lent)
        self._keep(outcome.remember if outcome else {})
        return outcome

    async def poll(self, cursor=""):
        news = await self.does.changes(self.lent, cursor)
        for each in news.updates:
            self._keep(each.remember)
        return news

    def _keep(self, values):
        for name, value in values.items():
            self.kept.pop(name, None) if value is None else self.kept.update({name: value})


@pytest.fixture
def desk(ledger, lent, asked):
    return lambda *mappings, **given: Desk(ledger, lent, asked, *mappings, **given)


async def test_what_stands_for_several_becomes_no_order_whatever_follows(desk, ledger):
    here = desk(structs.replace(HOLES, after=("triage",)))
    await here.hear(structs.replace(SUBMITTED, children=("1111-1111-1", "2222-2222-2")))
    assert await here.hear(moved("triage")) is None
    assert ledger.acts == []


async def test_an_order_is_made_once_however_often_the_event_comes(desk, ledger):
    here = desk()
    first = await here.hear(SUBMITTED)
    here.kept.clear()  # a crash after their commit and before ours
    again = await here.hear(SUBMITTED)
    assert first.external_reference == again.external_reference == "WO-1"
    assert ledger.values["1"] == {"key": REFERENCE, "words": "Nid-de-poule", "address": "12, rue des Érables"}
    assert ledger.acts == [("make", "orders")]
    assert await here.hear(SUBMITTED) is None


async def test_where_moves_are_named_nothing_is_made_before_one_of_them(desk, ledger):
    here = desk(structs.replace(HOLES, after=("triage",)))
    assert await here.hear(SUBMITTED) is None
    assert await here.hear(moved("plan")) is None
    assert await here.hear(Amended(**ABOUT, changed=("type",))) is None
    assert (await here.hear(moved("triage"))).external_reference == "WO-1"


async def test_only_what_changed_here_is_written(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    assert await here.hear(moved("plan")) is None
    await here.hear(Amended(**ABOUT, changed=("place",)), place=Place(address="99, rue Neuve"))
    assert ledger.acts[1:] == [("change", ("address",))]
    await here.hear(Resent(**ABOUT))
    assert ledger.acts[2:] == [("change", ("address", "key", "words"))]


@pytest.mark.parametrize(
    ("event", "given"),
    [
        (Withdrawn(**ABOUT), {}),
        (moved("refuse"), {"phase": Phase.CLOSED}),
        (Amended(**ABOUT, changed=("type",)), {"type": "noise"}),
    ],
)
async def test_what_is_not_wanted_any_more_is_cancelled_there(desk, ledger, event, given):
    here = desk()
    await here.hear(SUBMITTED)
    outcome = await here.hear(event, **given)
    assert (ledger.orders_there[0].state, outcome.note.fr) == ("dropped", "Bon de travail WO-1 annulé.")
    outcome = await here.hear(Withdrawn(**ABOUT), type="pothole")
    assert outcome is None


class Mixed:
    """An ERP that answers one kind of call about the order of another request."""

    def __init__(self, ledger, call, *rows):
        self.ledger, self.call, self.rows = ledger, call, list(rows)

    def __getattr__(self, name):
        if name != self.call:
            return getattr(self.ledger, name)

        async def answer(work, *asked):
            return list(self.rows) if name == "orders" else self.rows[0]

        return answer


def stranger(key=STRANGER, **given):
    values = {"id": "77", "number": "WO-77", "state": "open", "version": "1", "changed_at": MORNING} | given
    return Order(key=key, **values)


@pytest.mark.parametrize("call", ["make_order", "orders"])
@pytest.mark.parametrize("key", [STRANGER, "SAP 4711", f"{REFERENCE}0"])
async def test_another_requests_order_is_never_stored_as_ours(desk, ledger, call, key):
    here = desk(photos=True)
    here.answers(Mixed(ledger, call, stranger(key)))
    with pytest.raises(Foreign, match=f"other than {REFERENCE}: WO-77 · {key}; nothing of it was kept"):
        await here.hear(SUBMITTED, attachments=(PHOTO,))
    assert here.kept == {}
    assert ledger.acts == []


async def test_an_answer_that_does_not_say_whose_it_is_is_asked_for_by_our_key(desk, ledger):
    here = desk()
    ours = await ledger.make_order(HOLES, {"key": REFERENCE})
    here.answers(Mixed(ledger, "make_order", structs.replace(ours, key="")))
    ledger.orders_there.clear()
    with pytest.raises(Foreign, match="does not say that it is about"):
        await here.hear(SUBMITTED)


async def test_a_new_order_whose_id_is_another_requests_gets_no_photo_of_ours(desk, ledger):
    here = desk(photos=True)
    ledger.orders_there.append(stranger(id="1"))
    here.answers(Mixed(ledger, "make_order", stranger(REFERENCE, id="1")))
    with pytest.raises(Foreign):
        await here.hear(SUBMITTED, attachments=(PHOTO,))
    assert ledger.acts == []


@pytest.mark.parametrize(
    ("event", "given"),
    [
        (Withdrawn(**ABOUT), {}),
        (moved("refuse"), {"phase": Phase.CLOSED}),
        (Amended(**ABOUT, changed=("place",)), {"place": Place(address="99, rue Neuve")}),
        (Amended(**ABOUT, changed=("type",)), {"type": "noise"}),
        (moved("reopen"), {}),
        (Resent(**ABOUT), {}),
        (Joined(**ABOUT, did="joined", now=Text(fr="Reçue", en="Received")), {"goes_on_with": "3333-3333-3"}),
    ],
)
async def test_a_refused_request_does_not_cancel_the_live_order_of_a_stranger(desk, ledger, event, given):
    here = desk(photos=True)
    await here.hear(SUBMITTED)
    ledger.put("1", key=STRANGER)  # as it was kept before answers were compared, or mixed up there since
    acts, remarks, there = list(ledger.acts), list(ledger.remarks), list(ledger.orders_there)
    with pytest.raises(Foreign, match=f"other than {REFERENCE}: WO-1 · {STRANGER}"):
        await here.hear(event, **given)
    assert (ledger.acts, ledger.remarks, ledger.orders_there) == (acts, remarks, there)


@pytest.mark.parametrize(
    "answer",
    [
        stranger(id="1"),  # the one that was asked for by its id, and somebody else's key
        stranger(REFERENCE),  # our key under the id of another one
        stranger(),
        stranger(id=""),
        stranger(REFERENCE, id="77", number="WO-1"),
        stranger(f"{REFERENCE}/2", id="1"),
    ],
    ids=["our id", "our key", "neither", "no id", "our number", "another time"],
)
async def test_a_change_that_is_answered_with_the_order_of_a_stranger_is_parked(desk, ledger, answer):
    """A correction was told as done although the answer said that the work order of somebody else had been changed."""
    here = desk()
    await here.hear(SUBMITTED)
    kept = dict(here.kept)
    here.answers(Mixed(ledger, "change_order", answer))
    with pytest.raises(Foreign):
        await here.hear(Amended(**ABOUT, changed=("place",)), place=Place(address="99, rue Neuve"))
    assert here.kept == kept


@pytest.mark.parametrize("answer", [None, stranger("", id="1"), stranger(REFERENCE, id=""), stranger("", id="")])
@pytest.mark.parametrize("then", [STRANGER, "", None, REFERENCE])
async def test_a_change_whose_answer_does_not_say_whose_it_is_is_looked_at_before_it_counts(desk, ledger, answer, then):
    """What an answer without a body or a key was about was taken on trust."""
    here = desk()
    await here.hear(SUBMITTED)

    async def change_order(work, order, values):
        ledger.orders_there.clear() if then is None else ledger.put("1", key=then)
        return answer

    ledger.change_order = change_order
    moved_on = here.hear(Amended(**ABOUT, changed=("place",)), place=Place(address="99, rue Neuve"))
    if then == REFERENCE:
        assert (await moved_on).external_reference == "WO-1"
        return
    with pytest.raises(Foreign):
        await moved_on
    assert "address" not in str(ledger.acts)


async def test_an_order_that_was_made_without_an_id_is_found_by_our_key(desk, ledger):
    here = desk()
    ours = await ledger.make_order(HOLES, {"key": REFERENCE})
    ledger.orders_there.clear()
    here.answers(Mixed(ledger, "make_order", structs.replace(ours, id="")))
    with pytest.raises(Foreign):
        await here.hear(SUBMITTED)
    assert here.kept == {}


async def test_a_person_who_is_forgotten_here_empties_no_order_of_a_stranger(desk, ledger):
    here = desk()
    here.answers(Mixed(ledger, "orders", stranger()))
    with pytest.raises(Foreign):
        await here.hear(Erased(**ABOUT), place=None, requester=None)
    assert ledger.acts == []


async def test_a_second_order_with_our_key_moves_nothing_until_a_person_says_that_it_is_ours(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    ledger.orders_there.append(stranger(REFERENCE, state="done", note="Fait ailleurs", changed_at=ledger._now()))
    [second] = (await here.does.changes(here.lent, "")).updates
    assert (second.foreign, second.reference, second.external_reference, second.move) == (True, REFERENCE, "WO-77", "")
    listed = await here.does.listed(here.lent, MORNING, ledger.tick)
    assert {(each.external_reference, each.reference) for each in listed} == {("WO-1", REFERENCE), ("WO-77", REFERENCE)}


async def test_where_nothing_says_how_to_cancel_the_desk_is_told(desk, ledger):
    here = desk(structs.replace(HOLES, cancelled={}))
    await here.hear(SUBMITTED)
    outcome = await here.hear(Withdrawn(**ABOUT))
    assert "À annuler dans le système des travaux" in outcome.note.fr
    assert ledger.orders_there[0].state == "open"


async def test_who_is_to_cancel_an_order_by_hand_has_a_task_until_it_is_over_there(desk, ledger):
    here = desk(structs.replace(HOLES, cancelled={}))
    await here.hear(SUBMITTED)
    (task,) = (await here.hear(Withdrawn(**ABOUT))).tasks
    assert task.title.fr == "Annuler le bon de travail WO-1 dans le système des travaux"
    assert (await here.poll()).updates == ()
    ledger.put("1", state="dropped")
    (update,) = (await here.poll()).updates
    assert [(each.key, each.result) for each in update.tasks_over] == [(task.key, "done")]
    assert (await here.poll()).updates == ()


async def test_an_order_left_behind_for_another_one_is_to_be_cancelled_by_hand_as_well(desk):
    here = desk(structs.replace(HOLES, cancelled={}), TREES)
    await here.hear(SUBMITTED)
    outcome = await here.hear(Amended(**ABOUT, changed=("type",)), type="tree")
    assert (outcome.external_reference, [each.key for each in outcome.tasks]) == ("WO-2", ["cancel:1"])


async def test_an_order_at_its_end_stays_as_the_crew_left_it(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    ledger.put("1", state="done")
    assert (await here.hear(moved("close"), phase=Phase.CLOSED)).note is None
    assert ledger.orders_there[0].state == "done"


async def test_another_type_that_goes_elsewhere_has_another_order(desk, ledger):
    here = desk(HOLES, TREES)
    await here.hear(SUBMITTED)
    outcome = await here.hear(Amended(**ABOUT, changed=("type",)), type="tree")
    assert outcome.external_reference == "WO-2"
    assert outcome.note.fr == "Bon de travail WO-1 annulé. Bon de travail WO-2 créé."
    assert [(each.key, each.state) for each in ledger.orders_there] == [
        (REFERENCE, "dropped"),
        (f"{REFERENCE}/2", "open"),
    ]


async def test_a_type_that_comes_back_has_another_order_and_a_finished_one_is_not_written_into(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    await here.hear(Amended(**ABOUT, changed=("type",)), type="noise")
    elsewhere = Place(address="99, rue Neuve")
    assert await here.hear(Amended(**ABOUT, changed=("place",)), place=elsewhere) is None
    assert (await here.hear(Amended(**ABOUT, changed=("type",)))).external_reference == "WO-2"
    assert ledger.values["1"]["address"] == "12, rue des Érables"


async def test_a_request_that_is_open_again_goes_on_with_its_order_or_gets_another(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    assert await here.hear(moved("reopen")) is None
    ledger.put("1", state="done")
    assert (await here.hear(moved("reopen"))).external_reference == "WO-2"
    assert ledger.orders_there[1].key == f"{REFERENCE}/2"


async def test_an_order_that_was_deleted_there_is_made_again_on_demand(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    ledger.orders_there.clear()
    assert (await here.hear(Resent(**ABOUT))).external_reference == "WO-1"


async def test_what_was_never_sent_is_sent_on_demand_unless_it_is_closed(desk):
    here = desk(structs.replace(HOLES, after=("triage",)))
    assert await here.hear(Resent(**ABOUT), phase=Phase.CLOSED) is None
    assert (await here.hear(Resent(**ABOUT))).external_reference == "WO-1"


async def test_a_person_who_is_forgotten_here_is_forgotten_there(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    await here.hear(Amended(**ABOUT, changed=("type",)), type="noise")
    await here.hear(Amended(**ABOUT, changed=("type",)))
    here.kept.clear()
    assert await here.hear(Erased(**ABOUT), place=None, requester=None, type="noise") is None
    assert [each["address"] for each in ledger.values.values()] == [None, None]
    assert ledger.values["2"]["key"] == f"{REFERENCE}/2"


async def test_whoever_is_too_late_reads_again_and_gives_up_at_last(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    ledger.stale = 3
    await here.hear(Amended(**ABOUT, changed=("place",)), place=Place(address="99, rue Neuve"))
    assert ledger.values["1"]["address"] == "99, rue Neuve"
    ledger.stale = 4
    with pytest.raises(Later, match="at this time") as caught:
        await here.hear(Amended(**ABOUT, changed=("place",)), place=Place(address="1, rue Vieille"))
    assert caught.value.only_this


async def test_photos_go_with_it_where_the_settings_say_so(desk, ledger):
    photo = Attachment(id="a1b2c3d4-e5", name="trou.JPG", kind="image/jpeg", size=5)
    held = Attachment(id="ffff", name="b.jpg", kind="image/jpeg", size=5, state="held")
    plan = Attachment(id="eeee", name="plan.pdf", kind="application/pdf", size=5)
    here = desk(photos=True)
    assert here.does.needs() == ("attachments",)
    await here.hear(SUBMITTED, attachments=(photo, held, plan))
    assert ledger.acts == [("make", "orders"), ("attach", "parvis-a1b2c3d4.JPG")]


async def test_news_is_told_once_and_moves_once(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    first = await here.poll()
    assert first.updates == ()
    ledger.put("1", state="begun")
    [update] = (await here.poll(first.cursor)).updates
    assert (update.reference, update.move, update.note.fr) == (REFERENCE, "start", f"{WO_1} «\u00a0begun\u00a0»")
    ledger.put("1", note="Demain")
    [update] = (await here.poll(first.cursor)).updates
    assert (update.move, update.note.fr) == ("", f"{WO_1} «\u00a0begun\u00a0»\nDemain")
    ledger.put("1", state="done")
    [update] = (await here.poll(first.cursor)).updates
    assert (update.move, update.given) == ("resolve", {"reason": "Demain"})
    assert (await here.poll(first.cursor)).updates == ()
    ledger.put("1")  # touched, and nothing of ours changed
    assert (await here.poll(first.cursor)).updates == ()


async def test_the_same_poll_after_a_crash_brings_the_same_news_under_the_same_key(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    ledger.put("1", state="done")
    before = dict(here.kept)
    first = await here.poll()
    here.kept.clear()
    here.kept.update(before)
    again = await here.poll()
    assert [each.key for each in first.updates] == [each.key for each in again.updates]


async def test_a_photo_is_read_once(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    ledger.files.append(Proof(id="f1", order="1", name="apres.jpg"))
    [update] = (await here.poll()).updates
    assert ([file.name for file in update.files], update.note) == (["apres.jpg"], None)
    assert (await here.poll()).updates == ()
    assert ledger.acts.count(("read", "f1")) == 1


async def test_orders_that_are_none_of_ours_are_no_news(desk, ledger):
    here = desk()
    await ledger.make_order(HOLES, {"key": "PO-2026-11"})
    await ledger.make_order(HOLES, {"key": ""})
    for each in ("1", "2"):
        ledger.put(each, state="done")
    assert (await here.poll()).updates == ()


async def test_a_page_that_goes_on_is_not_skipped_by_the_newest_of_another_table(desk, ledger):
    here = desk(HOLES, TREES)
    ledger.page = 1
    for number in range(3):
        await ledger.make_order(HOLES, {"key": f"7K3M-9QXT-{number}"})
    news = await here.poll()
    assert news.more
    assert news.cursor == ledger.orders_there[0].changed_at.isoformat()


async def test_the_order_that_counts_is_listed(desk, ledger):
    here = desk()
    await here.hear(SUBMITTED)
    ledger.put("1", state="done")
    await here.poll()
    await here.hear(moved("reopen"))
    listed = await here.does.listed(here.lent, MORNING, ledger.tick)
    assert [(each.external_reference, each.reference) for each in listed] == [("WO-2", REFERENCE)]
