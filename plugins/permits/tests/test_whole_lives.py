"""Whole lives of permits in memory: studied, completed, opined on, paid, issued, inspected, expired, renewed."""

from datetime import date
from random import Random

import pytest

from parvis_sdk.requests import Attachment
from parvis_sdk.testing import submission_for
from parvis_sdk.workflow import Denied, Moved

RING = [[-73.5810, 45.5230], [-73.5808, 45.5230], [-73.5808, 45.5231], [-73.5810, 45.5231], [-73.5810, 45.5230]]
PAPER = Attachment(id="paper", name="attestation.pdf", kind="application/pdf", size=90_000)
OCCUPIED = {
    "applicant_kind": "person",
    "purpose": "scaffold",
    "description": "Échafaudage le long de la façade.",
    "starts_on": "2026-07-01",
    "ends_on": "2026-08-31",
    "closes": "street",
    "traffic_plan": ["paper"],
    "insurance": ["paper"],
    "insured_until": "2026-12-31",
    "insured_amount": 2_000_000_00,
    "declaration": True,
}
APPLICATION = {
    "language": "fr",
    "answers": OCCUPIED,
    "place": {"geometry": {"type": "Polygon", "coordinates": [RING]}, "address": "4563, rue Saint-Urbain"},
    "requester": {"mode": "named", "name": "Aïcha Benali", "email": "aicha@exemple.com"},
}
INSURED = {"insurance": ["paper"], "insured_until": "2027-06-30"}


async def moved(desk, case, *moves):
    for code, given in moves:
        made = await desk.move(case, code, given)
        assert isinstance(made, Moved), (code, made)


async def occupied(desk, **changed):
    raw = APPLICATION | {"answers": OCCUPIED | changed}
    return await desk.submit("occupation", raw, attachments={"paper": PAPER})


async def approved(desk, case):
    await moved(desk, case, ("check", {}), ("accept", {}))
    await desk.give_opinion(case, "traffic")
    await desk.give_opinion(case, "fire", "conditional", conditions="Laisser 4 m de passage")
    await moved(desk, case, ("approve", {"conditions": "Passage de 4 m\nSignalisation de nuit"}))


async def test_an_occupation_is_paid_issued_ends_on_its_day_and_is_renewed_with_a_new_one(desk):
    case = await occupied(desk)
    await moved(desk, case, ("check", {}))
    await desk.ask_supplement(case, {"description": "Précisez la hauteur."})
    assert (case.state, desk.documents(case)[0].kind) == ("incomplete", "letter")
    assert "Précisez la hauteur." in case.told[-1].body
    await desk.wait(days=1)
    assert await desk.answer_supplement(case, {"description": "Échafaudage de 12 m."}) == (
        "supplement.completeness.answered",
    )
    assert (case.state, case.submission.answers["description"]) == ("completeness", "Échafaudage de 12 m.")

    await moved(desk, case, ("accept", {}))
    refused = await desk.move(case, "approve")
    assert (refused.code, refused.reason.en) == (
        "not_yet",
        "“Approve” is not possible yet. This must come first: Opinions of the departments: review complete.",
    )
    await desk.give_opinion(case, "traffic")
    came = await desk.give_opinion(case, "fire", "conditional", conditions="Laisser 4 m de passage")
    assert came == ("review.opinions.given_fire", "review.opinions.conditional", "review.opinions.done")
    assert case.state == "decision_due"
    await moved(desk, case, ("approve", {"conditions": "Passage de 4 m\nSignalisation de nuit"}))

    (owed,) = desk.charges(case)
    assert (owed.state, [item.code for item in owed.items]) == ("due", ["study", "occupation", "deposit"])
    assert isinstance(await desk.move(case, "issue"), Denied)
    await desk.pay(case, "permit")
    assert case.state == "issued"
    permit = desk.documents(case)[-1]
    assert (permit.number, permit.until) == ("OCC-2026-00001", date(2026, 8, 31))
    assert permit.conditions == ("Passage de 4 m", "Signalisation de nuit")
    assert permit.shows["ends_on"] == "31 août 2026"
    assert {"validity.permit.valid", "obligation.insurance.settled"} <= desk.facts(case)

    await desk.wait(days=(date(2026, 8, 31) - desk.now.date()).days)
    assert case.state == "issued"
    await desk.wait(days=1)
    assert case.state == "expired"
    assert [event.fact for event in desk.events if getattr(event, "fact", "").endswith("expired")] == [
        "validity.permit.expired"
    ]
    await moved(desk, case, ("renew", {"ends_on": "2026-10-31"}))
    assert (case.state, desk.documents(case)[-1].until) == ("issued", date(2026, 10, 31))
    assert [(each.number, each.version, each.state) for each in desk.documents(case) if each.kind == "permit"] == [
        ("OCC-2026-00001", 1, "replaced"),
        ("OCC-2026-00001", 2, "issued"),
    ]


async def test_an_insurance_that_runs_out_suspends_an_occupation_until_a_new_one_is_accepted(desk):
    case = await occupied(desk, insured_until="2026-07-31", ends_on="2026-12-15")
    await approved(desk, case)
    await desk.pay(case, "permit")
    await desk.wait(days=(date(2026, 8, 1) - desk.now.date()).days)
    assert case.state == "uninsured"
    await desk.prove(case, "insurance", INSURED, attachments={"paper": PAPER})
    assert case.state == "uninsured"
    await desk.send_back_proof(case, "insurance", "Le montant absente de ce système.")
    await desk.prove(case, "insurance", INSURED, attachments={"paper": PAPER})
    await desk.accept_proof(case, "insurance")
    assert case.state == "issued"


async def test_fees_that_nobody_pays_close_the_application_and_are_still_owed(desk):
    case = await occupied(desk)
    await approved(desk, case)
    await desk.wait(days=61)
    assert case.state == "unpaid"
    await desk.pay(case, "permit")
    assert case.state == "issued"


async def test_a_file_that_is_never_completed_is_reminded_warned_and_given_up(desk):
    case = await occupied(desk)
    await moved(desk, case, ("check", {}))
    await desk.ask_supplement(case, {"description": "Précisez."})
    await desk.wait(days=61)
    came = [event.fact.rpartition(".")[2] for event in desk.events if getattr(event, "fact", "").startswith("supp")]
    assert came == ["asked", "reminded", "reminded", "warned", "abandoned"]
    assert case.state == "abandoned"


async def test_a_building_is_inspected_expires_during_its_renewal_and_is_extended_once_paid(desk):
    given = submission_for(desk.types["construction"], Random(7), today=desk.now.date())
    case = await desk.submit("construction", given.native, attachments=given.attachments)
    await moved(desk, case, ("check", {}), ("accept", {}))
    while asked := [each.task for each in desk.opinions(case) if each.state == "asked"]:
        await desk.give_opinion(case, asked[0])
    await moved(desk, case, ("approve", {}))
    await desk.pay(case, "permit")
    await desk.move(case, "start_works", {"started_on": desk.now.date().isoformat()}, by="requester")
    assert case.state == "in_works"

    first = await desk.inspect(case, "final")
    assert isinstance(first, Denied), "footings and frame come first"
    await desk.inspect(case, "footing", passed=False, notes={"depth": "1,2 m au lieu de 1,5 m"}, notice=True)
    await desk.wait(days=31)
    assert "inspection.footing.overdue" in desk.facts(case)
    await desk.inspect(case, "footing")
    await desk.inspect(case, "frame")

    await desk.wait(days=365 - 31 - 60)
    assert "validity.permit.renewable" in desk.facts(case)
    assert isinstance(await desk.move(case, "renew_works", by="requester"), Moved)
    await desk.wait(days=65)
    assert (case.state, "validity.permit.held_over" in desk.facts(case)) == ("renewing_works", True)
    await desk.pay(case, "renewal")
    assert (case.state, case.held["permit"].renewals) == ("in_works", 1)
    await desk.inspect(case, "final")
    assert case.state == "compliant"


@pytest.mark.parametrize("type_code", ["sign", "event", "occupation", "construction", "tree_felling"])
async def test_no_permit_is_granted_for_nothing(desk, type_code):
    """Whatever the answers: a document that grants is issued once the fee is settled, never before."""
    for seed in range(8):
        given = submission_for(desk.types[type_code], Random(seed), today=desk.now.date())
        case = await desk.submit(type_code, given.native, attachments=given.attachments)
        for code in ("start_review", "check", "accept", "approve", "issue", "grant_outright"):
            await desk.move(case, code, {"valid_until": "2026-12-15", "reason": "Oui."})
        owed = [charge for charge in desk.charges(case) if charge.is_owed]
        granted = [each for each in desk.documents(case) if each.kind in ("permit", "certificate")]
        assert not (owed and granted), (seed, case.state)
