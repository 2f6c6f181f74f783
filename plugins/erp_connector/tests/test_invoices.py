"""What becomes of invoices: made once and exact, paid there, cancelled, remarked; never more than is owed."""

from decimal import Decimal

import pytest
from msgspec import structs

from parvis_erp_connector.invoices import Bills
from parvis_erp_connector.port import Invoice, Party
from parvis_erp_connector.settings import Invoices, ItemBooking
from parvis_sdk.errors import Foreign, Later, Refused
from parvis_sdk.events import Erased, Happened, Moved, Resent, Withdrawn
from parvis_sdk.requests import Phase, Requester
from parvis_sdk.testing.desk import MORNING

from .conftest import CHARGE, REFERENCE

ABOUT = {"id": "1", "reference": REFERENCE, "at": MORNING, "actor": "agent"}
DUE = Happened(**ABOUT, type="sign", fact="fee.permit.due")
PAID = Happened(**ABOUT, type="sign", fact="fee.permit.paid")
EVERYTHING = {"*": ItemBooking(account="4100")}


class Desk:
    """A connector and one request, with what is remembered between two events."""

    def __init__(self, ledger, lent, asked, **given):
        settings = Invoices(**{"name": "bills", "system": "x", "lines": EVERYTHING, "post": True} | given)
        self.does, self.lent, self.asked = Bills(settings=settings, at=lambda _: ledger), lent, asked
        self.kept = lent.kept.setdefault(REFERENCE, {})

    async def hear(self, event, *charges, **given):
        outcome = await self.does.deliver(
            event, self.asked(remembered=dict(self.kept), charges=charges, **given), self.lent
        )
        self.kept.update(outcome.remember if outcome else {})
        return outcome

    async def poll(self):
        news = await self.does.changes(self.lent, "")
        for each in news.updates:
            self.kept.update(each.remember)
        return news.updates


@pytest.fixture
def desk(ledger, lent, asked):
    return lambda **given: Desk(ledger, lent, asked, **given)


async def test_a_fee_is_billed_once_however_often_the_event_comes(desk, ledger, owed):
    here = desk()
    first = await here.hear(DUE, owed())
    here.kept.clear()
    await here.hear(DUE, owed())
    assert first.note.fr == "Facture I1 créée pour «\u00a0Permis\u00a0»\u00a0: 122,50\u00a0$."
    assert [(each.state, str(each.total)) for each in ledger.invoices_there] == [("open", "122.50")]
    assert await here.hear(DUE, owed()) is None


@pytest.mark.parametrize("call", ["make_invoice", "post_invoice", "invoices"])
async def test_the_invoice_of_somebody_else_is_never_taken_for_that_of_our_charge(desk, ledger, owed, call):
    here = desk()
    theirs = {"id": "I77", "number": "I77", "key": "0" * 32, "reference": "2222-2222-2", "state": "open"}
    stranger = Invoice(**theirs, total=Decimal("122.50"), left=Decimal("122.50"), version="1", changed_at=MORNING)

    async def answer(*asked):
        return [stranger] if call == "invoices" else stranger

    setattr(ledger, call, answer)
    with pytest.raises(Foreign, match="I77 · 00000000000000000000000000000000; nothing of it was kept"):
        await here.hear(DUE, owed())
    assert here.kept == {}


@pytest.mark.parametrize("event", [Withdrawn(**ABOUT), Resent(**ABOUT)])
@pytest.mark.parametrize("mixed", ["its key", "its id"])
async def test_a_dropped_fee_does_not_cancel_the_live_invoice_of_a_stranger(desk, ledger, owed, event, mixed):
    """Found by our key with the id of another invoice, that invoice was cancelled, or sent out, unseen."""
    here = desk(post=isinstance(event, Withdrawn))
    await here.hear(DUE, owed())
    ours = ledger.invoices_there[0]
    theirs = structs.replace(ours, id="I77", number="I77", key="0" * 32)
    ledger.invoices_there.append(theirs)

    async def invoices(key):
        return [structs.replace(ours, id="I77")]

    async def invoice(id):
        return theirs if mixed == "its key" else ours

    ledger.invoices, ledger.invoice = invoices, invoice
    acts = list(ledger.acts)
    with pytest.raises(Foreign):
        await here.hear(event, owed())
    assert (ledger.acts, ledger.invoices_there) == (acts, [ours, theirs])


async def test_nobody_is_billed_under_the_name_of_somebody_else(desk, ledger, owed):
    async def make_party(person):
        return Party(id="P9", name="Jean Roy")

    ledger.make_party = make_party
    with pytest.raises(Foreign):
        await desk().hear(DUE, owed())
    assert ledger.acts == []


async def test_only_the_fees_that_are_named_are_billed(desk, ledger, owed):
    assert await desk(fees=("other",)).hear(DUE, owed()) is None
    assert await desk().hear(DUE) is None
    assert await desk().hear(DUE, owed(items=())) is None
    assert ledger.invoices_there == []


async def test_an_invoice_that_would_come_to_something_else_there_is_never_sent_out(desk, ledger, owed):
    here = desk(lines=EVERYTHING | {"area": ItemBooking(by_tax=True)})
    for _ in range(2):
        with pytest.raises(Refused, match=r"invoice I1 is 75.00 in the accounting system and 122.50 here"):
            await here.hear(DUE, owed())
    assert [each.state for each in ledger.invoices_there] == ["draft"]


async def test_an_item_that_nobody_said_how_to_book_is_refused_by_name(desk, owed):
    with pytest.raises(Refused, match=r'where "permit.area" is booked'):
        await desk(lines={"permit.base": ItemBooking(account="4100")}).hear(DUE, owed())


async def test_a_draft_is_left_to_the_accountant_where_the_settings_say_so(desk, ledger, owed):
    await desk(post=False).hear(DUE, owed())
    assert ledger.invoices_there[0].state == "draft"


async def test_who_is_known_there_is_found_and_the_older_of_two_counts(desk, ledger, owed):
    ledger.parties_there += [Party(id="P7", name="Paul Roy"), Party(id="P8", name="TREMBLAY, Marié")]
    await desk().hear(DUE, owed())
    assert ledger.acts[0] == ("bill", "P8")


async def test_who_was_made_by_another_worker_at_the_same_moment_is_not_doubled(desk, ledger, owed):
    asked, ledger.parties = [], None

    async def parties(person):
        asked.append(person)
        return list(ledger.parties_there) if len(asked) > 1 else []

    ledger.parties = parties
    ledger.parties_there.append(Party(id="P0", name="Marie Tremblay"))
    await desk().hear(DUE, owed())
    assert (ledger.acts[0], [each.id for each in ledger.parties_there]) == (("bill", "P0"), ["P0"])


@pytest.mark.parametrize("who", [Requester(mode="anonymous"), Requester(name="Jean"), None])
async def test_who_could_not_be_found_again_is_the_collective_customer(desk, ledger, owed, who):
    with pytest.raises(Refused, match="invoicing is not possible"):
        await desk().hear(DUE, owed(), requester=who)
    await desk(party="DIVERS").hear(DUE, owed(), requester=who)
    assert ledger.acts[0] == ("bill", "DIVERS")


async def test_its_payment_comes_back_once_and_changes_nothing_there(desk, ledger, owed):
    here = desk()
    await here.hear(DUE, owed())
    [posted] = await here.poll()
    assert (posted.reference, posted.paid, posted.note.fr) == (
        REFERENCE,
        None,
        "Facture I1 émise\u00a0: 122,50\u00a0$.",
    )
    ledger.book("I1", state="paid", left=ledger.invoices_there[0].left * 0)
    [paid] = await here.poll()
    assert (paid.paid.charge, paid.paid.cents, paid.paid.number) == (CHARGE, 12250, "I1")
    assert await here.poll() == ()
    assert (await here.hear(PAID, owed("paid"))).note is None
    assert ledger.invoices_there[0].state == "paid"


@pytest.mark.parametrize("state", ["waived", "replaced"])
async def test_a_charge_that_is_not_owed_any_more_is_cancelled_there(desk, ledger, owed, state):
    here = desk()
    await here.hear(DUE, owed())
    outcome = await here.hear(PAID, owed(state))
    assert (ledger.invoices_there[0].state, "annulée" in outcome.note.fr) == ("cancelled", True)
    assert await here.hear(PAID, owed(state)) is None


async def test_a_charge_that_is_replaced_is_cancelled_and_its_successor_billed(desk, ledger, owed):
    here, other = desk(), "0197a3c2-1111-7222-8333-944455557777"
    await here.hear(DUE, owed())
    await here.hear(DUE, owed("replaced"), owed(id=other, items=(("base", 100),)))
    assert [(each.state, str(each.total)) for each in ledger.invoices_there] == [
        ("cancelled", "122.50"),
        ("open", "1.00"),
    ]
    assert ledger.acts[-2] == ("bill", "P1")


@pytest.mark.parametrize(("paid_here", "state"), [("remark", "open"), ("cancel", "cancelled")])
async def test_a_charge_that_is_paid_here_is_remarked_or_cancelled_there(desk, ledger, owed, paid_here, state):
    here = desk(paid_here=paid_here)
    await here.hear(DUE, owed())
    await here.hear(PAID, owed("paid"))
    assert (ledger.invoices_there[0].state, len(ledger.remarks)) == (state, int(state == "open"))


async def test_a_draft_of_what_is_paid_here_goes(desk, ledger, owed):
    here = desk(post=False)
    await here.hear(DUE, owed())
    await here.hear(PAID, owed("paid"))
    assert ledger.invoices_there[0].state == "cancelled"


async def test_what_was_paid_in_part_there_is_left_to_people(desk, ledger, owed):
    here = desk()
    await here.hear(DUE, owed())
    ledger.book("I1", left=ledger.invoices_there[0].left - 1)
    outcome = await here.hear(PAID, owed("waived"))
    assert (ledger.invoices_there[0].state, "une partie a été payée" in outcome.note.fr) == ("open", True)


@pytest.mark.parametrize("event", [Withdrawn(**ABOUT), Erased(**ABOUT)])
async def test_what_a_request_owed_that_is_gone_is_cancelled(desk, ledger, owed, event):
    here = desk()
    await here.hear(DUE, owed())
    if isinstance(event, Erased):
        here.kept.clear()
    await here.hear(event, owed())
    assert ledger.invoices_there[0].state == "cancelled"


async def test_a_request_that_is_closed_unpaid_and_taken_up_again_is_billed_again(desk, ledger, owed):
    here = desk()
    await here.hear(DUE, owed())
    lapsed = Moved(**ABOUT, type="sign", transition="lapse", source="a", target="b")
    await here.hear(lapsed, owed(), phase=Phase.CLOSED)
    await here.hear(lapsed, owed(), phase=Phase.DECIDED)
    assert [each.state for each in ledger.invoices_there] == ["cancelled", "open"]


async def test_what_was_never_billed_is_billed_on_demand_only(desk, ledger, owed):
    assert await desk().hear(PAID, owed("paid")) is None
    await desk().hear(Resent(**ABOUT), owed("due"))
    assert len(ledger.invoices_there) == 1


async def test_whoever_is_too_late_looks_again_and_gives_up_at_last(desk, ledger, owed):
    here = desk()
    ledger.stale = 2
    await here.hear(DUE, owed())
    assert [each.state for each in ledger.invoices_there] == ["open"]
    ledger.stale = 4
    with pytest.raises(Later, match="at this time"):
        await here.hear(PAID, owed("waived"))


async def test_invoices_that_are_none_of_ours_are_no_news(desk, ledger, owed):
    here = desk()
    await here.hear(DUE, owed())
    ours = ledger.invoices_there[0]
    ledger.invoices_there[:] = [structs.replace(ours, key="PO-12"), structs.replace(ours, reference="Loyer")]
    assert await here.poll() == ()


async def test_the_invoice_that_counts_is_listed(desk, ledger, owed):
    here, other = desk(), "0197a3c2-1111-7222-8333-944455557777"
    await here.hear(DUE, owed("due"), owed(id=other))
    listed = await here.does.listed(here.lent, MORNING, ledger.tick)
    assert {(each.external_reference, each.reference) for each in listed} == {("I2", REFERENCE)}
