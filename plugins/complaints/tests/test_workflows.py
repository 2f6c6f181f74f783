"""What the lives of all complaints have in common."""

import re

ALWAYS_SAID = {"reference", "type", "state", "place", "promised", "reason", "town", "link"}


def test_every_state_tells_its_story(types):
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


def test_a_resident_moves_only_what_is_theirs_to_move(types):
    theirs = {
        code: {step.code for step in request_type.workflow.transitions if "requester" in step.by}
        for code, request_type in types.items()
    }
    assert theirs == {
        "noise": {"answer", "withdraw", "not_fixed"},
        "animal_nuisance": {"answer", "withdraw", "not_fixed"},
        "service_complaint": {"answer", "withdraw", "request_review"},
    }


def test_the_answer_to_a_question_may_also_have_come_as_a_message(types):
    for request_type in types.values():
        assert not any(field.required for field in request_type.workflow.transition("answer").asks.fields())


def test_every_personal_question_says_why_it_is_asked(types):
    for request_type in types.values():
        asked = [*request_type.form.fields(), *(request_type.occurrence.fields() if request_type.occurrence else ())]
        personal = [field for field in asked if field.privacy.sensitivity in ("personal", "sensitive")]
        assert personal
        assert all(field.privacy.purpose is not None for field in personal)
