"""A confidential complaint about noise, from the first letter to the decision."""

import pytest

from parvis_sdk.fields import Sensitivity
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.workflow import Denied, Moved

VISIT = {"visited_on": "2026-06-14", "finding": "confirmed", "level_db": "61,5", "ticket": "CI-2026-88"}


@pytest.fixture
async def noise(desk, complaint):
    return await desk.submit("noise", complaint("noise"))


async def test_a_noise_is_complained_about_confidentially_and_in_no_other_way(desk, complaint):
    case = await desk.submit("noise", complaint("noise"))
    assert case.submission.requester.mode == "confidential"
    for mode in ("named", "anonymous"):
        raw = complaint("noise") | {"requester": {"mode": mode, "name": "Luc", "email": "luc@exemple.com"}}
        assert (await desk.submit("noise", raw)).at("requester.mode")


async def test_whoever_complains_of_noise_can_be_reached(desk, complaint):
    raw = complaint("noise") | {"requester": {"mode": "confidential", "name": "Luc"}}
    assert (await desk.submit("noise", raw)).at("requester.email").code == "contact_missing"


async def test_the_address_is_enough_and_the_map_only_helps(desk, complaint):
    raw = complaint("noise") | {"place": {}}
    assert not isinstance(await desk.submit("noise", raw), Problems)
    assert (await desk.submit("noise", complaint("noise", source_address=None))).at("answers.source_address")


async def test_nobody_is_made_to_speak_to_the_neighbour(desk, complaint):
    case = await desk.submit("noise", complaint("noise", spoken=False))
    assert "spoken_result" not in case.submission.answers


async def test_confidentiality_and_its_limit_are_agreed_to(desk, complaint):
    assert (await desk.submit("noise", complaint("noise", confidentiality=False))).at("answers.confidentiality")


async def test_noise_night_after_night_is_dealt_with_sooner(types, complaint):
    request_type = types["noise"]
    promise = {
        frequency: request_type.promise(complaint("noise", frequency=frequency)["answers"]).business_days
        for frequency in ("weekly", "daily")
    }
    assert promise == {"weekly": 30, "daily": 15}


async def test_a_letter_then_a_visit_then_an_offence_then_the_file_closes(desk, noise):
    await desk.move(noise, "triage")
    await desk.move(noise, "first_letter", {"sent_on": "2026-06-15"})
    assert noise.state == "letter_sent"
    await desk.move(noise, "plan_visit")
    await desk.move(noise, "record_visit", VISIT)
    assert desk.phase(noise) is Phase.IN_PROGRESS
    await desk.move(noise, "offence", {"reason": "Merci de votre patience."})
    assert desk.phase(noise) is Phase.DECIDED
    await desk.wait(days=30)
    assert desk.phase(noise) is Phase.CLOSED


async def test_no_offence_is_concluded_without_a_visit(desk, noise):
    await desk.move(noise, "first_letter", {"sent_on": "2026-06-15"})
    denied = await desk.move(noise, "offence")
    assert isinstance(denied, Denied)
    assert denied.code == "not_from_here"


async def test_an_unfounded_complaint_is_explained(desk, noise):
    assert (await desk.move(noise, "unfounded", {})).at("reason")
    assert isinstance(await desk.move(noise, "unfounded", {"reason": "Le chantier respecte l’horaire."}), Moved)


async def test_what_concerns_the_neighbour_never_reaches_the_person_who_complained(desk, noise, types):
    await desk.move(noise, "plan_visit")
    await desk.move(noise, "record_visit", VISIT)
    moved = desk.events[-1]
    assert (moved.tell, moved.given) == (False, {})
    for step in types["noise"].workflow.transitions:
        if step.tell:
            assert not {"ticket", "findings", "finding"} & {field.code for field in step.asks.fields()}


async def test_noise_that_starts_again_reopens_the_same_file(desk, noise):
    await desk.move(noise, "settle")
    await desk.wait(days=40)
    assert noise.state == "closed"
    await desk.move(noise, "not_fixed", {"reason": "Depuis samedi."}, by="requester")
    assert noise.state == "reopened"


async def test_a_question_unanswered_for_thirty_days_closes_the_file_and_an_answer_revives_it(desk, noise):
    await desk.move(noise, "need_information", {"reason": "De quel étage?"})
    await desk.wait(days=30)
    assert noise.state == "unanswered"
    await desk.move(noise, "answer", {}, by="requester")
    assert noise.state == "triaged"


async def test_the_person_takes_the_complaint_back(desk, noise):
    await desk.move(noise, "first_letter", {"sent_on": "2026-06-15"})
    await desk.move(noise, "withdraw", {}, by="requester")
    assert (noise.state, desk.phase(noise)) == ("withdrawn", Phase.CLOSED)


def test_each_new_occurrence_is_noted_with_its_day_its_hour_and_words(types, desk):
    log = types["noise"].occurrence
    given = log.read({"date": "2026-06-13", "time": "23 h 15", "words": "Fête sur la terrasse."}, today=desk.now.date())
    assert given.answers == {"date": "2026-06-13", "time": "23:15", "words": "Fête sur la terrasse."}
    missing = log.read({}, today=desk.now.date())
    assert [problem.path for problem in missing.found] == ["date", "time", "words"]
    assert log.read({"date": "2026-06-16", "time": "1:00", "words": "?"}, today=desk.now.date()).at("date")


def test_nothing_of_a_noise_complaint_is_public(types):
    request_type = types["noise"]
    assert not request_type.visibility.public
    assert all(field.privacy.sensitivity is not Sensitivity.PUBLIC for field in request_type.form.fields())


def test_where_the_person_lives_is_sensitive_and_every_personal_question_says_why(types):
    fields = {field.code: field.privacy for field in types["noise"].form.fields()}
    assert fields["home_address"].sensitivity is Sensitivity.SENSITIVE
    assert fields["source_address"].sensitivity is Sensitivity.PERSONAL
    for privacy in fields.values():
        if privacy.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE):
            assert privacy.purpose is not None


def test_no_message_names_the_kind_of_complaint_in_its_subject(types):
    for message in types["noise"].messages:
        assert "{type}" not in message.subject.fr
        assert "{place}" not in message.subject.fr + message.body.fr
