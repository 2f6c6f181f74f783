"""What the lives of all complaints have in common."""

import re

ALWAYS_SAID = {"reference", "type", "state", "place", "promised", "reason", "town", "link"}


def test_every_state_tells_its_story(types):
    for kind in types.values():
        assert all(state.story is not None for state in kind.workflow.states)


def test_every_step_that_is_told_has_its_message_and_no_other_has(types):
    for kind in types.values():
        told = {step.code for step in kind.workflow.transitions if step.tell}
        assert {message.on for message in kind.messages} == told | {"submitted"}


def test_a_message_counts_on_nothing_that_may_be_missing(types):
    for kind in types.values():
        for message in kind.messages:
            step = kind.workflow.transition(message.on)
            given = {field.code for field in step.asks.fields() if field.required} if step else set()
            said = set(re.findall(r"{(\w+)}", message.subject.fr + message.body.fr))
            assert said <= ALWAYS_SAID | given


def test_a_resident_moves_only_what_is_theirs_to_move(types):
    theirs = {
        code: {step.code for step in kind.workflow.transitions if "requester" in step.by}
        for code, kind in types.items()
    }
    assert theirs == {
        "noise": {"answer", "withdraw", "not_fixed"},
        "animal_nuisance": {"answer", "withdraw", "not_fixed"},
        "service_complaint": {"answer", "withdraw", "request_review"},
    }


def test_the_answer_to_a_question_may_also_have_come_as_a_message(types):
    for kind in types.values():
        assert not any(field.required for field in kind.workflow.transition("answer").asks.fields())


def test_every_personal_question_says_why_it_is_asked(types):
    for kind in types.values():
        asked = [*kind.form.fields(), *(kind.occurrence.fields() if kind.occurrence else ())]
        personal = [field for field in asked if field.privacy.sensitivity in ("personal", "sensitive")]
        assert personal
        assert all(field.privacy.purpose is not None for field in personal)
