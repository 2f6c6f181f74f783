"""The certificate for felling a tree: what it asks, how it is decided, and the replacement nobody forgets."""

import re
from datetime import date

import pytest

from parvis_sdk.fields import Sensitivity
from parvis_sdk.obligations import Obligation
from parvis_sdk.requests import Attachment, Phase
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied, Moved

ALWAYS_SAID = {"reference", "type", "state", "place", "promised", "reason", "town", "link"}
GRANT = {
    "valid_until": "2026-12-15",
    "trees_to_plant": "1",
    "plant_before": "2027-06-01",
}
PHOTO = {"tree": Attachment(id="tree", name="chene.jpg", kind="image/jpeg", size=200_000)}
PLANTED = {"planted_on": "2026-06-10", "planted_species": "Chêne rouge", "photos": ["tree"]}


@pytest.fixture
async def case(desk, application):
    return await desk.submit("tree_felling", application())


@pytest.fixture
async def granted(desk, case):
    assert await desk.pay(case, "study") == ("fee.study.paid",)
    for step, given in (("start_review", {}), ("grant", GRANT)):
        assert isinstance(await desk.move(case, step, given), Moved)
    return case


async def test_each_tree_is_described_with_its_own_reason(desk, application):
    trees = [
        {"species": "Frêne", "diameter": "38", "count": "2", "reason": "sick"},
        {"species": "Épinette", "diameter": "25", "count": "1", "reason": "dead", "explanation": "Depuis 2024."},
    ]
    case = await desk.submit("tree_felling", application(trees=trees))
    assert [(tree["species"], tree["diameter"], tree["count"]) for tree in case.submission.answers["trees"]] == [
        ("Frêne", 38, 2),
        ("Épinette", 25, 1),
    ]


async def test_a_mistake_in_the_second_tree_is_shown_on_the_second_tree(desk, application):
    trees = [
        {"species": "Frêne", "diameter": "38", "count": "1", "reason": "sick"},
        {"species": "Pin", "diameter": "gros", "count": "1", "reason": "sick"},
    ]
    problems = await desk.submit("tree_felling", application(trees=trees))
    assert [problem.path for problem in problems.found] == ["answers.trees.1.diameter"]


async def test_at_least_one_tree_is_to_be_felled(desk, application):
    assert (await desk.submit("tree_felling", application(trees=[]))).at("answers.trees")


async def test_somebody_else_than_the_owner_shows_a_mandate(desk, application):
    mandate = {"m": Attachment(id="m", name="mandat.pdf", kind="application/pdf", size=50_000)}
    without = await desk.submit("tree_felling", application(applicant="mandated"))
    assert [problem.path for problem in without.found] == ["answers.owner_name", "answers.mandate"]
    raw = application(applicant="mandated", owner_name="Jean Roy", mandate=["m"])
    assert (await desk.submit("tree_felling", raw, attachments=mandate)).submission.attachments == ("m",)


async def test_whoever_cannot_replant_says_why(desk, application):
    problems = await desk.submit("tree_felling", application(replacing=False))
    assert [problem.path for problem in problems.found] == ["answers.no_replacement"]
    case = await desk.submit("tree_felling", application(replacing=False, no_replacement="Terrain boisé."))
    assert "replacement_species" not in case.submission.answers


@pytest.mark.parametrize("consent", ["access", "declaration"])
async def test_nothing_is_asked_for_without_the_declarations(desk, application, consent):
    assert (await desk.submit("tree_felling", application(**{consent: None}))).at(f"answers.{consent}").code == "agree"


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
async def test_a_certificate_is_given_to_somebody_with_a_name(desk, application, mode):
    raw = application() | {"requester": {"mode": mode, "name": "Aïcha", "email": "aicha@exemple.com"}}
    assert (await desk.submit("tree_felling", raw)).at("requester.mode")


def test_a_decision_comes_within_twenty_working_days_and_within_three_where_a_tree_is_about_to_fall(felling):
    assert felling.promise({"urgent": False}).business_days == 20
    assert felling.promise({"urgent": True}).business_days == 3


async def test_the_inspector_visits_and_the_applicant_is_told_when_but_not_the_opinion(desk, case):
    await desk.move(case, "start_review")
    await desk.move(case, "plan_visit", {"visit_on": "2026-06-18", "reason": "Votre présence n’est pas nécessaire."})
    assert (case.state, desk.events[-1].tell) == ("site_visit", True)
    await desk.move(case, "record_visit", {"opinion": "fell", "findings": "Tronc fendu."})
    assert (case.state, desk.events[-1].given) == ("review", {})


async def test_a_grant_imposes_the_replacement_and_the_certificate_holds_until_its_day(desk, granted, felling):
    assert desk.phase(granted) is Phase.DECIDED
    brought = felling.workflow.brought_by(felling.workflow.transition("grant"))
    assert brought == ("document.certificate.issued", "validity.certificate.valid", "obligation.replacement.imposed")
    (replacement,) = felling.of(Obligation)
    assert (replacement.due, replacement.grace) == ("plant_before", 45)
    assert felling.workflow.transition("grant").asks.field(replacement.due) is not None
    assert felling.workflow.transition("grant").asks.field(felling.of(Validity)[0].until) is not None


async def test_nothing_is_granted_before_the_study_is_paid_for(desk, case):
    await desk.move(case, "start_review")
    outright = {"valid_until": "2026-12-15", "reason": "Terrain boisé."}
    for code, given in (("grant", GRANT), ("grant_outright", outright)):
        refused = await desk.move(case, code, given)
        assert (refused.code, case.state) == ("not_yet", "review")
        assert "Frais d’étude" in refused.reason.fr
    await desk.pay(case, "study")
    assert isinstance(await desk.move(case, "grant", GRANT), Moved)


async def test_the_study_costs_fifty_dollars(desk, case):
    (charge,) = desk.charges(case)
    assert (charge.state, charge.cents) == ("due", 50_00)


def test_every_decision_has_its_document(felling):
    brought = {code: felling.workflow.transition(code).brings for code in ("grant", "grant_outright", "refuse")}
    assert brought["grant_outright"][0] == brought["grant"][0] == "document.certificate.issued"
    assert brought["refuse"] == ("document.refusal.issued",)


def test_the_planting_is_proved_by_a_photo(felling):
    form = felling.of(Obligation)[0].proofs[0].form
    problems = form.read(PLANTED | {"photos": []}, attachments=PHOTO, today=date(2026, 6, 12))
    assert problems.at("photos")
    assert form.read(PLANTED, attachments=PHOTO, today=date(2026, 6, 12)).attachments == ("tree",)


async def test_the_file_closes_once_nothing_is_left_to_be_done(desk, granted):
    await desk.prove(granted, "replacement", PLANTED, attachments=PHOTO)
    assert desk.phase(granted) is Phase.DECIDED
    await desk.accept_proof(granted, "replacement")
    assert desk.phase(granted) is Phase.CLOSED


async def test_a_forgotten_replacement_may_end_as_an_offence_and_not_before_it_is_overdue(desk, granted):
    await desk.wait(days=(date(2027, 6, 1) - date(2026, 6, 15)).days + 45)
    assert (await desk.move(granted, "offence", {"reason": "Aucun arbre planté."})).code == "not_yet"
    await desk.wait(days=1)
    await desk.move(granted, "offence", {"reason": "Aucun arbre planté."})
    await desk.move(granted, "close")
    assert desk.phase(granted) is Phase.CLOSED


async def test_a_condition_says_how_many_trees_and_before_when(desk, case):
    await desk.move(case, "start_review")
    problems = await desk.move(case, "grant", {})
    assert {problem.path for problem in problems.found} == {"valid_until", "trees_to_plant", "plant_before"}


async def test_a_certificate_without_a_condition_closes_by_itself(desk, case):
    await desk.move(case, "start_review")
    await desk.pay(case, "study")
    given = {"valid_until": "2026-12-15", "reason": "Terrain boisé."}
    await desk.move(case, "grant_outright", given)
    await desk.wait(days=180)
    assert case.state == "closed"


async def test_a_refusal_gives_its_grounds_and_its_reasons(desk, case):
    await desk.move(case, "start_review")
    problems = await desk.move(case, "refuse", {"grounds": []})
    assert {problem.path for problem in problems.found} == {"grounds", "reason"}
    await desk.move(case, "refuse", {"grounds": ["healthy", "pruning_enough"], "reason": "L’arbre est sain."})
    assert desk.phase(case) is Phase.DECIDED


async def test_only_a_manager_reopens_what_was_refused(desk, case):
    await desk.move(case, "start_review")
    await desk.move(case, "refuse", {"grounds": ["healthy"], "reason": "L’arbre est sain."})
    assert isinstance(await desk.move(case, "reopen", {"reason": "Nouveau rapport"}, by="agent"), Denied)
    assert isinstance(await desk.move(case, "reopen", {"reason": "Nouveau rapport"}, by="manager"), Moved)


async def test_what_is_missing_is_asked_and_thirty_days_of_silence_close_the_application(desk, case):
    await desk.move(case, "need_information", {"reason": "Une photo du tronc."})
    assert desk.phase(case) is Phase.WAITING_FOR_YOU
    await desk.wait(days=30)
    assert case.state == "unanswered"
    await desk.move(case, "answer", {}, by="requester")
    assert case.state == "review"


async def test_an_application_is_taken_back_before_the_decision_and_not_after(desk, case, application):
    other = await desk.submit("tree_felling", application())
    await desk.move(other, "withdraw", {}, by="requester")
    assert other.state == "withdrawn"
    await desk.pay(case, "study")
    await desk.move(case, "start_review")
    await desk.move(case, "grant", GRANT)
    assert isinstance(await desk.move(case, "withdraw", {}, by="requester"), Denied)


def test_who_owns_what_is_personal_says_why_it_is_asked_and_is_on_no_public_page(felling):
    personal = {field.code for field in felling.form.fields() if field.privacy.sensitivity is Sensitivity.PERSONAL}
    assert personal == {"owner_name", "mandate", "lot", "neighbour_consent"}
    assert all(felling.form.field(code).privacy.purpose for code in personal)
    assert not felling.visibility.public


def test_every_state_tells_its_story_and_every_told_step_its_message(felling):
    assert all(state.story is not None for state in felling.workflow.states)
    told = {step.code for step in felling.workflow.transitions if step.tell}
    assert {message.on for message in felling.messages} - felling.facts().keys() == told | {"submitted"}


def test_a_message_counts_on_nothing_that_may_be_missing(felling):
    for message in felling.messages:
        step = felling.workflow.transition(message.on)
        given = {field.code for field in step.asks.fields() if field.required} if step else set()
        brought = felling.workflow.brought_by(step) if step else ()
        given |= {name for fact in brought for name in felling.facts()[fact].names}
        given |= set(felling.facts()[message.on].names) if message.on in felling.facts() else set()
        assert set(re.findall(r"{(\w+)}", message.subject.fr + message.body.fr)) <= ALWAYS_SAID | given


def test_a_resident_moves_only_what_is_theirs_to_move(felling):
    theirs = {step.code for step in felling.workflow.transitions if "requester" in step.by}
    assert theirs == {"answer", "withdraw"}
