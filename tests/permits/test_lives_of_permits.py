"""What becomes of a permit after its decision: its days run out, its fees or its insurance lack, its works go on."""

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from parvis.clock import moved_to
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.outbox.clock_watch import confirm
from parvis.requests.actors import REQUESTER, SYSTEM, Actor
from parvis.requests.amendments import amend
from parvis.requests.attached.receiving import receive_file
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record, find
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.requests.work.conversation import receive
from parvis.settings import Settings
from parvis.worker.chores import chores_of, do_due
from parvis_documents import making
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import charges_of
from parvis_grants.obligations import obligations_of
from parvis_grants.proving import accept
from parvis_grants.validity import validity_of
from parvis_inspections.inspected import record_result
from parvis_inspections.visit_results import read_result
from parvis_inspections.visits import visits_of
from parvis_migration.importing import ImportedRequest, bring_in
from parvis_reviews.opinions import OpinionSubmission, give_opinion
from parvis_reviews.review_tasks import tasks_of
from parvis_sdk.inspections import Inspection
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.workflow import Denied
from parvis_testing.modules import switch

pytestmark = pytest.mark.database
BEGAN = datetime(2026, 6, 1, 15, tzinfo=UTC)
LAST_DAY = date(2026, 7, 1)
RING = [[-73.5810, 45.5230], [-73.5808, 45.5230], [-73.5808, 45.5231], [-73.5810, 45.5231], [-73.5810, 45.5230]]
DRAWN = {"geometry": {"type": "Polygon", "coordinates": [RING]}}
POINT = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
REQUESTED = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
OCCUPIED = {
    "applicant_kind": "person",
    "purpose": "scaffold",
    "starts_on": "2026-06-10",
    "ends_on": LAST_DAY.isoformat(),
    "closes": "sidewalk",
    "insured_until": "2026-12-31",
}
SIGNED = {"business_name": "Chez Zoé", "sign_kind": "flat", "sign_area": "2", "lit": False}
CORRECTED = SIGNED | {"sign_height": "3", "sign_words": "Chez Zoé", "work_value": 90_000, "declaration": True}
BUILT = {
    "applicant": "owner",
    "building_kind": "house",
    "work_kind": "extension",
    "description": "Deux étages à l’arrière.",
    "work_value": 8_500_000,
}
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
RENEWED_ON = datetime(2027, 5, 3, 15, tzinfo=UTC)
INSURED_BRIEFLY = OCCUPIED | {"insured_until": "2026-06-20"}
RUN_OUT = datetime(2026, 6, 21, 4, tzinfo=UTC)
HELD = {"event_kind": "neighbours", "starts_on": "2026-07-01", "ends_on": LAST_DAY.isoformat(), "people": "40"}


class Case:
    """One application of a resident, at the doors of the town."""

    def __init__(self, host, reference):
        self.host, self.reference, self.now = host, reference, BEGAN

    async def record(self):
        return await find(self.host, self.reference)

    async def kind(self):
        return await type_of_record(self.host, await self.record())

    async def state(self):
        return (await self.record()).state

    async def asks(self, move, mover="agent", **answers):
        actor = {"agent": ANA, "manager": ANA, "requester": REQUESTER, "system": SYSTEM}[mover]
        with moved_to(self.now):
            return await make_move(self.host, self.reference, move, answers, actor=actor, mover=mover)

    async def moves(self, *moves, mover="agent", **answers):
        for move in moves:
            became = await self.asks(move, mover, **answers)
            assert isinstance(became, Record), (move, became)

    async def decided(self, *first):
        """Checked, with the opinions that were asked for, and approved."""
        await self.studied(*first)
        await self.moves("approve")

    async def studied(self, *first):
        """Checked, with the opinions that were asked for."""
        await self.moves(*(first or ("check", "accept")))
        while asked := [task for task in await tasks_of((await self.record()).id) if task.state == "asked"]:
            for task in asked:
                handed = OpinionSubmission(task=task.id, raw={"recommendation": "favourable"}, actor=ANA)
                with moved_to(self.now):
                    assert isinstance(await give_opinion(self.host, self.reference, handed), Record)

    async def pays(self):
        owed = [charge for charge in await charges_of((await self.record()).id) if charge.is_owed]
        with moved_to(self.now):
            for charge in owed:
                await take_at_counter(self.host, self.reference, charge.id, way="cash", actor=ANA)

    async def insures(self):
        """The town accepts an insurance."""
        (owed,) = await obligations_of((await self.record()).id)
        with moved_to(self.now):
            assert isinstance(await accept(self.host, self.reference, str(owed.id), actor=ANA), Record)

    async def works(self):
        """Begun, with footings found in order."""
        await self.moves("start_works", mover="requester", started_on=self.now.date().isoformat())
        await self.passes("footing")

    async def passes(self, code):
        """An inspector finds everything in order at the visit that is to be made."""
        part = (await self.kind()).part(Inspection, code)
        visit = (await self.visits(code))[-1]
        found = {"points": {point.code: {"finding": "ok"} for point in part.points}}
        with moved_to(self.now):
            sent = read_result(part, visit, found, {}, self.now, self.now.date())
            taken = await record_result(
                self.host, visit, self.reference, sent, key=str(visit.id), actor=ANA, holder="", corrects=0
            )
        assert isinstance(taken, Record), taken

    async def visits(self, code):
        return [visit for visit in await visits_of((await self.record()).id) if visit.code == code]

    async def wait_until(self, moment):
        """What the workers do meanwhile, once when the time has come."""
        self.now = moment
        with moved_to(moment):
            await confirm(self.host.engine, "Test")  # nobody ran meanwhile
            await do_due(self.host.engine, chores_of(self.host), f"worker {moment}")

    async def permit(self):
        with moved_to(self.now):
            (held,) = await validity_of((await self.record()).id)
        return held

    async def facts(self):
        record = await self.record()
        assert await broken_at(record) is None
        return [fact for entry in await entries_of(record) for fact in entry.body.get("facts", ())]


@pytest.fixture
async def town(database_url, tmp_path):
    async with opened(database_url, tmp_path) as host:
        yield host


@asynccontextmanager
async def opened(database_url, folder):
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=folder, database=database_url)
    async with open_deployment(settings, migrating=True) as deployment:
        await switch(deployment.host, "on")
        yield deployment.host


async def apply(host, type, answers, place):
    past = ImportedRequest(
        key=type, type=type, submitted_at=BEGAN, answers=answers, place=place, requester=REQUESTED, language="fr"
    )
    receipt = await bring_in(host, host.jurisdictions.jurisdiction("parvis"), "test", past)
    assert not isinstance(receipt, Problems), receipt
    return Case(host, receipt.reference)


async def test_an_occupation_renewed_by_the_town_has_a_new_last_day_and_ends_on_it(town):
    case = await apply(town, "occupation", OCCUPIED, DRAWN)
    await case.decided()
    await case.pays()
    assert await case.state() == "issued"
    await case.wait_until(datetime(2026, 7, 2, 4, tzinfo=UTC))
    assert await case.state() == "expired"

    case.now = datetime(2026, 7, 20, 15, tzinfo=UTC)
    for wrong in ({}, {"ends_on": "2026-07-19"}):
        assert isinstance(await case.asks("renew", **wrong), Problems)
    await case.moves("renew", ends_on="2026-08-15")
    assert (await case.permit()).until == datetime(2026, 8, 16, 4, tzinfo=UTC)
    await case.wait_until(datetime(2026, 8, 16, 4, tzinfo=UTC))
    assert await case.state() == "expired"


async def test_a_permit_issued_after_its_last_day_expires_at_once(town):
    case = await apply(town, "occupation", OCCUPIED, DRAWN)
    await case.decided()
    case.now = datetime(2026, 7, 20, 15, tzinfo=UTC)
    await case.pays()
    assert await case.state() == "issued"
    await case.wait_until(case.now + timedelta(minutes=1))
    assert await case.state() == "expired"
    assert (await case.facts()).count("validity.permit.expired") == 1


async def test_an_application_closed_for_fees_never_paid_is_taken_up_again_and_charged_once(town):
    case = await apply(town, "sign", SIGNED, POINT)
    await case.decided()
    await case.wait_until(BEGAN + timedelta(days=61))
    assert await case.state() == "unpaid"

    await case.moves("pay_after_all", mover="requester")
    assert await case.state() == "approved"
    (charge,) = await charges_of((await case.record()).id)
    assert charge.is_owed
    await case.pays()
    assert await case.state() == "issued"


async def test_fees_paid_after_the_application_was_closed_issue_the_permit(town):
    case = await apply(town, "sign", SIGNED, POINT)
    await case.decided()
    await case.wait_until(BEGAN + timedelta(days=61))
    await case.pays()
    assert await case.state() == "issued"


async def test_an_event_costs_nothing_and_its_approval_waits_for_the_town(town):
    case = await apply(town, "event", HELD, POINT)
    await case.decided()
    assert (await case.record()).phase is Phase.DECIDED
    await case.wait_until(BEGAN + timedelta(days=61))
    assert await case.state() == "approved"
    await case.moves("issue")
    assert await case.state() == "issued"


async def test_a_street_is_closed_on_an_opinion_that_never_came_and_the_permit_quotes_the_rule(town, monkeypatch):
    printed, really = [], making.set_pdf

    def spied(sources, sheets, *rest):
        printed.extend(sheets)
        return really(sources, sheets, *rest)

    monkeypatch.setattr(making, "set_pdf", spied)
    case = await apply(town, "event", HELD | {"includes": ["street"]}, POINT)
    await case.moves("check", "accept")
    asked = {task.task: task for task in await tasks_of((await case.record()).id)}
    handed = OpinionSubmission(task=asked["parks"].id, raw={"recommendation": "favourable"}, actor=ANA)
    with moved_to(case.now):
        await give_opinion(town, case.reference, handed)
    for moment in (datetime(2026, 6, 4, 19, tzinfo=UTC), datetime(2026, 6, 9, 15, tzinfo=UTC)):
        await case.wait_until(moment)
    assert [fact for fact in await case.facts() if fact.endswith("opinions.done")]
    assert await case.state() == "decision_due"
    await case.moves("approve", "issue")
    (said,) = [each for each in printed[-1]["body"] if "réputé favorable" in each]
    assert said.startswith("Circulation\u00a0: avis réputé favorable, faute de réponse dans le délai.")
    assert "(règlement sur les événements publics)" in said


async def test_what_the_lack_of_insurance_suspends_a_new_one_restores(town):
    case = await apply(town, "occupation", INSURED_BRIEFLY, DRAWN)
    await case.decided()
    await case.pays()
    await case.wait_until(RUN_OUT)
    assert (await case.state(), (await case.permit()).state) == ("uninsured", "suspended")
    await case.insures()
    assert (await case.state(), (await case.permit()).state) == ("issued", "valid")


@pytest.mark.parametrize("first", ["suspended", "uninsured"])
async def test_what_a_person_suspends_no_insurance_restores_and_nobody_without_one(town, first):
    case = await apply(town, "occupation", INSURED_BRIEFLY, DRAWN)
    await case.decided()
    await case.pays()
    if first == "suspended":
        await case.moves("suspend", reason="Échafaudage instable.")
    await case.wait_until(RUN_OUT)
    assert await case.state() == first
    if first == "uninsured":
        await case.moves("suspend", reason="Échafaudage instable.")

    refused = await case.asks("restore")
    assert isinstance(refused, Denied)
    assert refused.code == "not_yet"
    await case.insures()
    assert (await case.state(), (await case.permit()).state) == ("suspended", "suspended")
    await case.moves("restore")
    assert (await case.state(), (await case.permit()).state) == ("issued", "valid")


async def test_a_permit_that_expired_without_insurance_is_renewed_once_there_is_one(town):
    case = await apply(town, "occupation", INSURED_BRIEFLY, DRAWN)
    await case.decided()
    await case.pays()
    await case.wait_until(RUN_OUT)
    await case.wait_until(datetime(2026, 7, 2, 4, tzinfo=UTC))
    assert await case.state() == "expired"
    assert isinstance(await case.asks("renew", ends_on="2026-08-15"), Denied)
    await case.insures()
    await case.moves("renew", ends_on="2026-08-15")
    assert await case.state() == "issued"


@pytest.fixture
async def building(town):
    """An extension whose footings have passed."""
    case = await apply(town, "construction", BUILT, POINT)
    await case.decided()
    await case.pays()
    await case.works()
    return case


async def goes_on(case):
    """The works are known to have begun, and nothing is looked at a second time."""
    assert (await case.state(), (await case.permit()).state) == ("in_works", "valid")
    assert [[visit.state for visit in await case.visits(code)] for code in ("footing", "frame")] == [
        ["passed"],
        ["wanted"],
    ]


async def test_works_go_on_where_they_were_once_a_suspension_is_over(building):
    await building.moves("suspend_works", reason="Clôture renversée.")
    assert (await building.state(), (await building.permit()).state) == ("suspended_works", "suspended")
    await building.moves("restore_works")
    await goes_on(building)


@pytest.mark.parametrize("late", [False, True])
async def test_works_go_on_where_they_were_once_a_renewal_is_paid(building, late):
    if late:
        await building.wait_until(RENEWED_ON + timedelta(days=40))
        assert await building.state() == "expired_works"
    else:
        building.now = RENEWED_ON
    await building.moves("renew_works", mover="requester")
    assert await building.state() == "renewing_works"
    await building.pays()
    await goes_on(building)


async def test_works_go_on_where_they_were_once_a_renewal_is_given_up(building):
    building.now = RENEWED_ON
    await building.moves("renew_works", "drop_renewal_works", mover="requester")
    await goes_on(building)


async def test_works_finished_during_a_renewal_are_compliant_once_it_is_paid(building):
    building.now = RENEWED_ON
    await building.moves("renew_works", mover="requester")
    await building.passes("frame")
    await building.passes("final")
    assert await building.state() == "renewing_works"
    await building.pays()
    assert await building.state() == "compliant"


@pytest.fixture
async def signed(town):
    """A sign of 2 m² whose permit was paid, issued and closed."""
    case = await apply(town, "sign", SIGNED, POINT)
    await case.decided()
    await case.pays()
    await case.moves("close")
    return case


@pytest.mark.parametrize(("area", "amounts"), [("2", [9000]), ("1", [9000]), ("4", [9000, 3000])])
async def test_a_file_reopened_after_it_was_paid_owes_what_it_has_risen_by_and_says_so(signed, area, amounts):
    await signed.moves("reopen", mover="manager", reason="Une enseigne de plus.")
    with moved_to(signed.now):
        drawing = await receive_file(signed.host, "zoe", "drawing", "dessin.png", PICTURE)
        await receive(signed.host, signed.reference, "Le dessin", files=(drawing.id,), holder="zoe")
        answers = CORRECTED | {"sign_area": area, "drawing": [drawing.id]}
        amended = await amend(signed.host, signed.reference, answers=answers, actor=ANA)
    assert isinstance(amended, Record), amended
    await signed.decided("accept")
    charges = await charges_of((await signed.record()).id)
    assert [charge.amount for charge in charges] == amounts
    told = await story(signed.host, await signed.record(), HOLDER, "en")
    (words,) = [line.words for line in told if "for this file" in line.words]
    owed_back = [charge.refund_due for charge in charges]
    if area == "1":
        assert words == "Sign permit fees: already paid for this file, and lower now. The difference is to be refunded."
        assert owed_back == [1500]
        assert (await signed.facts()).count("fee.permit.refund_due") == 1
    elif len(amounts) == 1:
        assert owed_back == [0]
        assert words == "Sign permit fees: already paid for this file. Nothing more is owed."
    else:
        assert words == "Sign permit fees: partly paid for this file. Only the difference is owed."
        assert await signed.state() == "approved"
        await signed.pays()
    assert await signed.state() == "issued"
    assert not any(charge.is_owed for charge in await charges_of((await signed.record()).id))


@pytest.mark.parametrize(
    ("said", "amount"), [({}, 7500), ({"works_begun": True}, 7500), ({"works_begun": False}, 12500)]
)
async def test_a_renewal_costs_what_its_own_answers_say(building, said, amount):
    building.now = RENEWED_ON
    await building.moves("renew_works", mover="requester", **said)
    renewal = (await charges_of((await building.record()).id))[-1]
    assert (renewal.fee, renewal.amount) == ("renewal", amount)


@pytest.mark.parametrize("ends", ["given up", "run out"])
async def test_a_renewal_that_comes_to_nothing_leaves_no_debt_and_another_one_is_charged(building, ends):
    building.now = RENEWED_ON
    await building.moves("renew_works", mover="requester")
    if ends == "given up":
        await building.moves("drop_renewal_works", mover="requester")
        why = "Annuler le renouvellement"
    else:
        await building.wait_until((await building.permit()).renewable_until)
        assert await building.state() == "expired_works"
        why = "Constater l’échéance"
    renewal = (await charges_of((await building.record()).id))[-1]
    assert (renewal.fee, renewal.state, renewal.reason) == ("renewal", "waived", why)
    assert "fee.renewal.waived" in await building.facts()
    if ends == "given up":
        before = (await building.permit()).until
        await building.moves("renew_works", mover="requester")
        assert (await building.permit()).until == before
        await building.pays()
        await goes_on(building)
        assert (await building.permit()).until > before
