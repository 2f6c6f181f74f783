"""Parts at the pretend desk, as authors of plugins play them: what is owed, asked, granted, demanded, and time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

import pytest

from parvis_sdk.documents import Document
from parvis_sdk.events import Amended, Happened, Moved, Submitted
from parvis_sdk.fees import Fee
from parvis_sdk.fields import PERSONAL, Date, Number, ShortText
from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.obligations import Obligation, Proof
from parvis_sdk.parts import Fact, Part
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import IdentityRule, Message, PlaceRule, RequestType, Retention
from parvis_sdk.requests import Owed, Phase
from parvis_sdk.reviews import Review, Task
from parvis_sdk.starter_kit import STREETS, form
from parvis_sdk.subscriptions import Outcome, PaidThere, on
from parvis_sdk.supplements import Reason, Supplement
from parvis_sdk.tariffs import Asked, Fixed, PerUnit, Tariff, Unit
from parvis_sdk.testing import Desk
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied, State, Timer, Transition, Workflow
from parvis_sdk.workflow import Moved as Made


def said(fr, en=""):
    return Text(fr=fr, en=en or fr)


class Hearing(Part, frozen=True, kw_only=True, omit_defaults=True, tag="hearing"):
    """A kind of part of a vendor, of which the kit knows what it declares."""

    FACTS: ClassVar[dict[str, Fact]] = {
        "announced": Fact(title=said("{title}\u00a0: annoncée"), brought=True),
        "held": Fact(title=said("{title}\u00a0: tenue"), names=("minutes",)),
    }


TABLES = Unit(one=said("table"), many=said("tables"))
LINES = (
    Fixed(code="study", title=said("Étude"), amount=Decimal(50)),
    PerUnit(code="tables", title=said("Tables"), price=Decimal(5), of=(Asked(field="tables", unit=TABLES),)),
)
PARTS = (
    Fee(code="study", title=said("Étude", "Study"), tariffs=(Tariff(since=date(2026, 1, 1), lines=LINES),)),
    Hearing(code="audience", title=said("Audience")),
    Review(code="opinions", title=said("Avis"), tasks=(Task(code="fire", title=said("Incendie"), days=5),)),
    Supplement(
        code="list",
        title=said("Compléments"),
        reasons=(Reason(code="blurred", title=said("Flou"), words=said("Illisible.", "Cannot be read.")),),
    ),
    Validity(code="terrace", title=said("Terrasse"), until="last_day", reminders=(7,)),
    Obligation(
        code="insurance",
        title=said("Assurance"),
        text=said("Assurer la terrasse."),
        days=10,
        proofs=(Proof(code="policy", title=said("Police"), form=form(ShortText(code="policy", label=said("No")))),),
    ),
    Inspection(code="visit", title=said("Visite"), points=(Point(code="width", title=said("Largeur")),)),
    Document(
        code="permit",
        title=said("Permis"),
        kind="permit",
        number="T-{year}-{number:03}",
        lead=said("{requester} peut occuper {place} avec {tables} jusqu’au {until}."),
        shows=("tables", "name"),
        validity="terrace",
    ),
)
STATES = (
    State(code="received", title=said("Reçue"), phase=Phase.RECEIVED, brings=("fee.study.due",)),
    State(
        code="review",
        title=said("À l’étude"),
        phase=Phase.IN_PROGRESS,
        brings=("review.opinions.open", "hearing.audience.announced"),
        timers=(Timer(transition="grant", days=90),),
    ),
    State(code="waiting", title=said("En attente"), phase=Phase.WAITING_FOR_YOU),
    State(code="granted", title=said("Accordée"), phase=Phase.DECIDED),
    State(code="closed", title=said("Fermée"), phase=Phase.CLOSED),
)
AT_WORK = ("agent", "manager", "system")
BROUGHT = (
    "document.permit.issued",
    "validity.terrace.valid",
    "obligation.insurance.imposed",
    "inspection.visit.wanted",
)
MOVES = (
    Transition(code="study", title=said("Étudier"), sources=("received", "waiting"), target="review", by=AT_WORK),
    Transition(
        code="ask",
        title=said("Faire compléter"),
        sources=("review",),
        target="waiting",
        brings=("supplement.list.asked",),
    ),
    Transition(
        code="grant",
        title=said("Accorder", "Grant"),
        sources=("review",),
        target="granted",
        by=AT_WORK,
        needs=("fee.study.paid", "review.opinions.done", "hearing.audience.held"),
        brings=BROUGHT,
    ),
    Transition(
        code="refuse", title=said("Refuser"), sources=("review",), target="closed", brings=("fee.study.waived",)
    ),
    Transition(
        code="close",
        title=said("Fermer"),
        sources=("granted",),
        target="closed",
        by=("system",),
        after=("validity.terrace.expired",),
    ),
)
TERRACE = RequestType(
    code="terrace",
    title=said("Terrasse"),
    summary=said("Une terrasse"),
    slug=said("terrasse"),
    theme=STREETS,
    form=form(
        Number(code="tables", label=said("Tables")),
        Date(code="last_day", label=said("Dernier jour")),
        ShortText(code="name", label=said("Nom"), required=False),
        ShortText(code="code", label=said("Code"), required=False, privacy=PERSONAL),
    ),
    workflow=Workflow(states=STATES, transitions=MOVES),
    place=PlaceRule(),
    identity=IdentityRule(modes=("named",)),
    retention=Retention(days=30),
    messages=(
        Message(on="ask", subject=said("À compléter ({reference})"), body=said("{points}")),
        Message(on="validity.terrace.ending", subject=said("Fin le {until}"), body=said("Bientôt.")),
    ),
    parts=PARTS,
)
RAW = {
    "language": "fr",
    "answers": {"tables": "4", "last_day": "2026-08-31"},
    "place": {"lon": -73.5, "lat": 45.5, "address": "1, rue du Lac"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.com"},
}


@pytest.fixture
def desk():
    return Desk(types=[TERRACE])


@pytest.fixture
async def case(desk):
    return await desk.submit("terrace", RAW)


async def granted(desk, case):
    await desk.pay(case, "study")
    await desk.move(case, "study")
    await desk.give_opinion(case, "fire")
    await desk.happen(case, "hearing.audience.held")
    assert isinstance(await desk.move(case, "grant"), Made)


def facts_told(desk):
    return [event.fact for event in desk.events if isinstance(event, Happened)]


def test_the_type_of_these_tests_is_right():
    assert TERRACE.mistakes() == ()


# Facts


async def test_a_move_waits_for_every_fact_that_it_needs_and_says_which(desk, case):
    await desk.move(case, "study")
    assert desk.moves(case) == ("ask", "refuse")
    refused = await desk.move(case, "grant")
    assert (refused.code, case.state) == ("not_yet", "review")
    assert refused.reason.en == (
        "“Grant” is not possible yet. This must come first: Study: paid, Avis: review complete, Audience\u00a0: tenue."
    )
    await desk.pay(case, "study")
    await desk.give_opinion(case, "fire")
    assert "Audience" in (await desk.move(case, "grant")).reason.fr
    await desk.happen(case, "hearing.audience.held")
    assert "grant" in desk.moves(case)
    assert isinstance(await desk.move(case, "grant"), Made)


async def test_a_kind_of_part_of_a_vendor_is_played_by_the_facts_that_it_declares(desk, case):
    await desk.move(case, "study")
    assert "hearing.audience.announced" in desk.facts(case)
    await desk.happen(case, "hearing.audience.held", {"minutes": said("Tous d’accord.")}, over=("announced",))
    assert {fact for fact in desk.facts(case) if fact.startswith("hearing.")} == {"hearing.audience.held"}
    assert desk.events[-1].said == {"minutes": said("Tous d’accord.")}


@pytest.mark.parametrize("fact", ["fee.study.paid", "hearing.audience.cancelled"])
async def test_what_people_do_or_nobody_declares_does_not_just_happen(desk, case, fact):
    with pytest.raises(AssertionError):
        await desk.happen(case, fact)
    assert fact not in desk.facts(case)


async def test_a_transfer_to_another_holder_happens_where_a_test_says_so(desk, case):
    await granted(desk, case)
    await desk.happen(case, "validity.terrace.transferred")
    assert facts_told(desk)[-1] == "validity.terrace.transferred"
    assert "validity.terrace.transferred" not in desk.facts(case)


async def test_everything_is_told_once_it_is_whole_in_the_order_in_which_it_happened():
    heard = []

    @on(Submitted, Moved, Happened)
    async def listen(event, request):
        heard.append((getattr(event, "fact", getattr(event, "transition", "submitted")), request.state))

    desk = Desk(types=[TERRACE], subscriptions=[listen])
    case = await desk.submit("terrace", RAW)
    await desk.move(case, "study")
    assert heard == [
        ("submitted", "received"),
        ("fee.study.due", "received"),
        ("study", "review"),
        ("review.opinions.open", "review"),
        ("hearing.audience.announced", "review"),
    ]


async def test_a_handler_that_wishes_what_is_not_paid_for_is_refused_as_by_the_host():
    @on(Happened)
    async def hasty(event, request):
        return Outcome(move="grant") if event.fact == "review.opinions.done" else None

    desk = Desk(types=[TERRACE], subscriptions=[hasty])
    case = await desk.submit("terrace", RAW)
    await desk.move(case, "study")
    await desk.give_opinion(case, "fire")
    assert (case.state, [note.en for note in case.notes]) == ("review", ["“grant” refused"])


async def test_a_timer_whose_move_lacks_a_fact_tries_again(desk, case):
    await desk.move(case, "study")
    await desk.wait(days=91)
    assert case.state == "review"
    await desk.pay(case, "study")
    await desk.give_opinion(case, "fire")
    await desk.happen(case, "hearing.audience.held")
    await desk.wait(days=1)
    assert case.state in ("granted", "closed")


# Fees


async def test_a_fee_falls_due_by_its_tariff_and_is_paid_once(desk, case):
    (charge,) = desk.charges(case)
    assert (charge.state, charge.cents, [item.cents for item in charge.items]) == ("due", 70_00, [50_00, 20_00])
    assert await desk.pay(case, "study") == ("fee.study.paid",)
    again = await desk.pay(case, "study")
    assert isinstance(again, Denied)
    assert again.reason.en == "Nothing is left to pay for “Study”."


async def test_a_declined_payment_is_still_owed(desk, case):
    await desk.decline_payment(case, "study")
    assert {"fee.study.failed", "fee.study.due"} <= desk.facts(case)
    assert case.told[-1].subject.startswith("Étude\u00a0: le paiement n’a pas été accepté")
    assert await desk.pay(case, "study") == ("fee.study.paid",)


async def test_what_is_waived_counts_as_paid_and_says_why(desk, case):
    await desk.waive(case, "study", "Organisme sans but lucratif")
    assert {"fee.study.waived", "fee.study.paid"} <= desk.facts(case)
    assert "Organisme sans but lucratif" in case.told[-1].body


async def test_no_more_goes_back_than_was_paid(desk, case):
    await desk.pay(case, "study")
    assert isinstance(await desk.refund(case, "study", 70_01), Denied)
    await desk.refund(case, "study", 20_00)
    assert desk.charges(case)[0].refunded == 20_00
    await desk.refund(case, "study")
    assert desk.charges(case)[0].state == "refunded"


async def test_a_handler_that_needs_fees_sees_charges_as_the_host_shows_them():
    seen = []

    @on(Happened, needs=("fees",))
    async def look(event, request):
        seen.append(request.charges)

    desk = Desk(types=[TERRACE], subscriptions=[look])
    await desk.submit("terrace", RAW)
    ((charge,),) = seen
    assert type(charge) is Owed
    assert (charge.fee, charge.state, charge.cents) == ("study", "due", 70_00)


async def test_what_another_system_was_paid_settles_the_charge_and_what_follows(desk, case):
    charge = desk.charges(case)[0]
    desk._paid_there(case, PaidThere(charge=charge.id, cents=1), "ledger")
    assert desk.charges(case)[0].state == "due"
    desk._paid_there(case, PaidThere(charge=charge.id, cents=70_00), "ledger")
    assert "fee.study.paid" in desk.facts(case)
    assert desk.events[-1].actor == "ledger"


# Opinions


async def test_an_opinion_is_asked_overdue_given_and_joined(desk, case):
    await desk.move(case, "study")
    (asked,) = desk.opinions(case)
    assert (asked.state, asked.due_at) == ("asked", datetime(2026, 6, 22, 13, tzinfo=UTC))
    await desk.wait(days=8)
    assert desk.opinions(case)[0].is_overdue(desk.now)
    missing = await desk.give_opinion(case, "fire", "unfavourable")
    assert [problem.path for problem in missing.found] == ["words"]
    assert await desk.give_opinion(case, "fire", "conditional", conditions="Un extincteur") == (
        "review.opinions.given_fire",
        "review.opinions.conditional",
        "review.opinions.done",
    )


async def test_an_opinion_that_is_dropped_is_not_waited_for(desk, case):
    await desk.move(case, "study")
    assert await desk.drop_opinion(case, "fire") == ("review.opinions.favourable", "review.opinions.done")
    assert isinstance(await desk.give_opinion(case, "fire"), Denied)


# Supplements


async def test_what_is_marked_is_told_answered_and_corrected(desk, case):
    await desk.move(case, "study")
    assert isinstance(await desk.ask_supplement(case, {"nothing": "Quoi?"}), Problems)
    await desk.ask_supplement(case, {"tables": "Combien au juste?"})
    assert (case.state, "supplement.list.asked" in desk.facts(case)) == ("waiting", True)
    assert case.told[-1].body == "1. Tables\u00a0: Combien au juste?"
    same = await desk.answer_supplement(case, {"tables": "4"})
    assert [problem.code for problem in same.found] == ["as_before"]
    await desk.answer_supplement(case, {"tables": "6"})
    assert (case.submission.answers["tables"], type(desk.events[-1])) == (6, Amended)
    assert isinstance(await desk.answer_supplement(case, {"tables": "8"}), Denied)


# What was granted, and what it demands


async def test_a_document_says_everything_that_it_would_say(desk, case):
    await granted(desk, case)
    (permit,) = desk.documents(case)
    assert (permit.number, permit.until, permit.state) == ("T-2026-001", date(2026, 8, 31), "issued")
    assert permit.lead == "Zoé Côté peut occuper 1, rue du Lac avec 4 jusqu’au 31 août 2026."
    assert permit.shows == {}
    other = await desk.submit("terrace", RAW)
    await granted(desk, other)
    assert desk.documents(other)[0].number == "T-2026-002"


async def test_what_was_granted_is_reminded_of_and_ends_at_midnight_of_the_town(desk, case):
    await granted(desk, case)
    await desk.wait(days=75)
    reminder = next(event for event in desk.events if getattr(event, "fact", "").endswith("ending"))
    assert (reminder.at, case.told[-1].subject) == (datetime(2026, 8, 24, 13, tzinfo=UTC), "Fin le 31 août 2026")
    await desk.wait(days=5)
    assert case.state == "closed"
    assert desk.events[-1].at == datetime(2026, 9, 1, 4, tzinfo=UTC)


async def test_a_demand_is_due_overdue_proved_and_settled(desk, case):
    await granted(desk, case)
    await desk.wait(days=12)
    assert [fact.rpartition(".")[2] for fact in facts_told(desk) if fact.startswith("obligation")] == [
        "imposed",
        "due",
        "overdue",
    ]
    assert [problem.path for problem in (await desk.prove(case, "insurance", {})).found] == ["policy"]
    assert await desk.prove(case, "insurance", {"policy": "P-1"}) == ("obligation.insurance.proved",)
    await desk.send_back_proof(case, "insurance", "Illisible.")
    assert "Illisible." in case.told[-1].body
    await desk.prove(case, "insurance", {"policy": "P-2"})
    assert await desk.accept_proof(case, "insurance") == ("obligation.insurance.met", "obligation.insurance.settled")
    assert isinstance(await desk.accept_proof(case, "insurance"), Denied)


async def test_what_failed_at_a_visit_is_looked_at_again(desk, case):
    await granted(desk, case)
    await desk.plan_visit(case, "visit", date(2026, 6, 20))
    assert await desk.inspect(case, "visit", notes={"width": "1 m"}, notice=True) == (
        "inspection.visit.failed",
        "inspection.visit.notice",
    )
    assert [(visit.state, visit.points) for visit in case.visits] == [("failed", ()), ("wanted", ("width",))]
    await desk.wait(days=31)
    assert "inspection.visit.overdue" in desk.facts(case)
    await desk.inspect(case, "visit")
    assert {fact for fact in desk.facts(case) if fact.startswith("inspection")} == {"inspection.visit.passed"}


async def test_what_is_under_way_ends_with_the_request(desk, case):
    await desk.move(case, "study")
    await desk.move(case, "refuse")
    assert (desk.opinions(case)[0].state, desk.charges(case)[0].state) == ("cancelled", "waived")
    assert isinstance(await desk.give_opinion(case, "fire"), Denied)


async def test_a_move_that_a_part_refuses_changes_nothing(desk, case):
    await desk.move(case, "study")
    before = len(desk.events)
    assert isinstance(await desk.move(case, "ask"), Denied)  # nothing is marked
    assert (case.state, len(desk.events)) == ("review", before)
