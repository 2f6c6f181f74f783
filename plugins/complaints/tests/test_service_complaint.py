"""A complaint about the town itself: examined by somebody else, answered in time, reviewed if asked."""

import pytest

from parvis_sdk.fields import Sensitivity
from parvis_sdk.requests import Phase
from parvis_sdk.workflow import Denied

ANSWER = {"reason": "Le délai était trop long et nous nous en excusons.", "measures": "Un rappel est fait en 48 h."}


@pytest.fixture
async def case(desk, complaint):
    return await desk.submit("service_complaint", complaint("service_complaint"))


@pytest.mark.parametrize(
    ("step", "state"),
    [("find_founded", "founded"), ("find_partly_founded", "partly_founded"), ("find_unfounded", "unfounded")],
)
async def test_a_complaint_is_examined_answered_and_closed(desk, case, step, state):
    await desk.move(case, "triage")
    await desk.move(case, "start_review")
    await desk.move(case, step, {"reason": ANSWER["reason"]})
    assert (case.state, desk.phase(case)) == (state, Phase.DECIDED)
    await desk.wait(days=30)
    assert desk.phase(case) is Phase.CLOSED


async def test_no_answer_is_given_without_a_review_nor_without_words(desk, case):
    assert isinstance(await desk.move(case, "find_unfounded", ANSWER), Denied)
    await desk.move(case, "start_review")
    assert (await desk.move(case, "find_founded", {})).at("reason")


async def test_a_second_review_is_asked_once_and_concluded_by_a_manager(desk, case):
    await desk.move(case, "start_review")
    await desk.move(case, "find_unfounded", {"reason": "Le règlement a été suivi."})
    await desk.move(case, "request_review", {"reason": "Voici le courriel promis."}, by="requester")
    assert (case.state, desk.phase(case)) == ("second_review", Phase.IN_PROGRESS)
    final = {"outcome": "reversed", "reason": "Le courriel vous donne raison."}
    assert isinstance(await desk.move(case, "conclude", final, by="agent"), Denied)
    await desk.move(case, "conclude", final, by="manager")
    assert case.state == "concluded"
    denied = await desk.move(case, "request_review", {"reason": "Encore"}, by="requester")
    assert isinstance(denied, Denied)
    assert denied.allowed == ()


async def test_a_second_review_says_why(desk, case):
    await desk.move(case, "start_review")
    await desk.move(case, "find_founded", ANSWER)
    assert (await desk.move(case, "request_review", {}, by="requester")).at("reason")


def test_an_answer_comes_within_twenty_working_days_and_discrimination_within_ten(types, complaint):
    request_type = types["service_complaint"]
    plain = request_type.promise(complaint("service_complaint")["answers"])
    grave = request_type.promise(complaint("service_complaint", issues=["delay", "discrimination"])["answers"])
    assert (plain.business_days, grave.business_days) == (20, 10)


async def test_an_employee_is_named_only_where_the_complaint_is_about_one_and_few_may_read_it(desk, complaint, types):
    about_one = complaint("service_complaint", about="employee", employee="La personne au comptoir")
    about_none = complaint("service_complaint", about="service", employee="La personne au comptoir")
    assert "employee" in (await desk.submit("service_complaint", about_one)).submission.answers
    assert "employee" not in (await desk.submit("service_complaint", about_none)).submission.answers
    privacy = types["service_complaint"].form.field("employee").privacy
    assert privacy.sensitivity is Sensitivity.SENSITIVE
    assert privacy.purpose is not None


async def test_a_complaint_about_the_town_is_never_anonymous_nor_public(desk, complaint, types):
    raw = complaint("service_complaint") | {"requester": {"mode": "anonymous"}}
    assert (await desk.submit("service_complaint", raw)).at("requester.mode")
    assert not types["service_complaint"].visibility.public


async def test_three_words_are_no_account_of_what_happened(desk, complaint):
    problems = await desk.submit("service_complaint", complaint("service_complaint", description="Pas content."))
    assert problems.at("answers.description").code == "too_short"
