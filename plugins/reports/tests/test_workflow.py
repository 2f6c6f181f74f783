"""The life of a report, as residents and the desk live it."""

import re

import pytest

from parvis_sdk.events import Withdrawn
from parvis_sdk.requests import Attachment, Phase
from parvis_sdk.workflow import Denied, Moved

ALWAYS_SAID = {"reference", "type", "state", "place", "promised", "reason", "town", "link"}
CONTRACTED = {"street_light", "missed_collection", "snowy_sidewalk"}


@pytest.fixture
async def pothole(desk, report):
    return await desk.submit("pothole", report("pothole"))


async def go(desk, case, *steps, by="agent"):
    """Make moves that need no answer, or the usual one."""
    usual = {
        "plan": {"planned_on": "2026-06-18"},
        "need_information": {"reason": "De quel côté de la rue?"},
        "not_ours": {
            "owner": "Ministère des Transports",
            "owner_phone": "511",
            "owner_link": "https://www.quebec511.info",
        },
        "duplicate": {"original": "7K3M-9QXT-4"},
        "refuse": {"ground": "nothing_found", "reason": "Aucun trou à cet endroit."},
        "reopen": {"reason": "La personne a rappelé."},
        "entrust": {"contractor": "Éclairage Bélanger"},
    }
    for step in steps:
        made = await desk.move(case, step, usual.get(step), by=by)
        assert isinstance(made, Moved), made


async def test_a_pothole_is_taken_in_charge_planned_repaired_with_a_photo_and_closed(desk, pothole):
    photo = Attachment(id="after", name="apres.jpg", kind="image/jpeg", size=80_000)
    await go(desk, pothole, "triage", "plan", "start")
    assert desk.phase(pothole) is Phase.IN_PROGRESS
    given = {"reason": "Trou comblé.", "proof": ["after"]}
    await desk.move(pothole, "resolve", given, attachments={"after": photo})
    assert desk.phase(pothole) is Phase.DECIDED
    assert "after" in pothole.files
    await desk.wait(days=13)
    assert pothole.state == "resolved"
    await desk.wait(days=1)
    assert (pothole.state, desk.phase(pothole)) == ("closed", Phase.CLOSED)


async def test_a_crew_that_passes_by_resolves_a_report_that_nobody_has_read_yet(desk, pothole):
    await go(desk, pothole, "resolve")
    assert pothole.state == "resolved"


@pytest.mark.parametrize("after", [0, 20])
async def test_a_repair_that_did_not_hold_reopens_the_same_report(desk, pothole, after):
    await go(desk, pothole, "resolve")
    await desk.wait(days=after)
    await go(desk, pothole, "not_fixed", by="requester")
    assert (pothole.state, desk.phase(pothole)) == ("reopened", Phase.IN_PROGRESS)
    await go(desk, pothole, "triage", "start", "resolve")
    assert pothole.state == "resolved"


async def test_only_the_requester_says_that_it_is_not_fixed_and_an_agent_reopens(desk, pothole):
    await go(desk, pothole, "resolve")
    denied = await desk.move(pothole, "not_fixed", {}, by="agent")
    assert isinstance(denied, Denied)
    assert denied.code == "not_by_you"
    await go(desk, pothole, "reopen")
    assert pothole.state == "reopened"


async def test_a_question_waits_thirty_days_and_an_answer_still_revives_the_report(desk, pothole):
    await go(desk, pothole, "need_information")
    assert desk.phase(pothole) is Phase.WAITING_FOR_YOU
    await desk.wait(days=29)
    assert pothole.state == "waiting"
    await desk.wait(days=1)
    assert (pothole.state, desk.phase(pothole)) == ("unanswered", Phase.CLOSED)
    await go(desk, pothole, "answer", by="requester")
    assert pothole.state == "triaged"


@pytest.mark.parametrize(
    "reached", [(), ("triage",), ("plan",), ("start",), ("need_information",), ("start", "resolve", "reopen")]
)
async def test_a_resident_takes_a_report_back_as_long_as_it_is_open(desk, pothole, reached):
    await go(desk, pothole, *reached)
    await go(desk, pothole, "withdraw", by="requester")
    assert (pothole.state, desk.phase(pothole)) == ("withdrawn", Phase.CLOSED)
    assert isinstance(desk.events[-1], Withdrawn)


async def test_what_is_resolved_cannot_be_taken_back(desk, pothole):
    await go(desk, pothole, "resolve")
    denied = await desk.move(pothole, "withdraw", {}, by="requester")
    assert isinstance(denied, Denied)
    assert denied.allowed == ("not_fixed",)


@pytest.mark.parametrize(
    ("step", "state"), [("not_ours", "not_ours"), ("duplicate", "duplicate"), ("refuse", "refused")]
)
async def test_what_the_town_will_not_do_is_closed_with_an_explanation(desk, pothole, step, state):
    await go(desk, pothole, "triage", step)
    assert (pothole.state, desk.phase(pothole)) == (state, Phase.CLOSED)
    await go(desk, pothole, "reopen")
    assert pothole.state == "reopened"


async def test_a_refusal_says_why(desk, pothole):
    problems = await desk.move(pothole, "refuse", {"ground": "nothing_found"})
    assert problems.at("reason")
    problems = await desk.move(pothole, "refuse", {"reason": "Rien vu."})
    assert problems.at("ground")


async def test_somebody_elses_pothole_names_its_owner_and_where_to_turn(desk, pothole):
    problems = await desk.move(pothole, "not_ours", {"owner_link": "javascript:alert(1)"})
    assert problems.at("owner")
    assert problems.at("owner_link").code == "pattern"


async def test_no_work_is_planned_for_the_past(desk, pothole):
    problems = await desk.move(pothole, "plan", {"planned_on": "2026-06-14"})
    assert problems.at("planned_on").code == "too_early"


async def test_a_planned_date_can_be_moved(desk, pothole):
    await go(desk, pothole, "plan")
    moved = await desk.move(pothole, "plan", {"planned_on": "2026-06-25"})
    assert moved.given.answers == {"planned_on": "2026-06-25"}


@pytest.mark.parametrize("code", sorted(CONTRACTED))
async def test_some_work_is_handed_to_a_contractor_who_finishes_it(desk, report, code):
    case = await desk.submit(code, report(code))
    await go(desk, case, "entrust")
    assert desk.phase(case) is Phase.IN_PROGRESS
    await go(desk, case, "resolve")
    assert case.state == "resolved"


def test_only_some_reports_know_a_contractor(types):
    assert {code for code, request_type in types.items() if request_type.workflow.transition("entrust")} == CONTRACTED


def test_every_state_tells_its_story_to_the_resident(types):
    for request_type in types.values():
        assert all(state.story is not None for state in request_type.workflow.states)


def test_every_step_that_is_told_has_its_message_and_no_other_has(types):
    for request_type in types.values():
        told = {step.code for step in request_type.workflow.transitions if step.tell}
        assert {message.on for message in request_type.messages} == told | {"submitted"}


def test_a_message_counts_on_nothing_that_may_be_missing(types):
    for request_type in types.values():
        for message in request_type.messages:
            step = request_type.workflow.transition(message.on)
            given = {field.code for field in step.asks.fields() if field.required} if step else set()
            said = set(re.findall(r"{(\w+)}", message.subject.fr + message.body.fr))
            assert said <= ALWAYS_SAID | given


def test_the_acknowledgement_gives_the_reference_the_promise_and_the_link(types):
    for request_type in types.values():
        body = request_type.message("submitted").body
        assert {"{reference}", "{promised}", "{link}"} <= set(re.findall(r"{\w+}", body.fr))


def test_a_resident_moves_only_what_is_theirs_to_move(types):
    for request_type in types.values():
        theirs = {step.code for step in request_type.workflow.transitions if "requester" in step.by}
        assert theirs == {"answer", "withdraw", "not_fixed", "still_there"}


def test_the_answer_to_a_question_may_also_have_come_as_a_message(types):
    for request_type in types.values():
        assert not any(field.required for field in request_type.workflow.transition("answer").asks.fields())
