"""Workflows: moved by a pure function, drawn, and every mistake of their author found."""

import pytest
from msgspec import structs

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import Photo, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Moved, State, Timer, Transition, Workflow, move, reason_form


def said(words: str) -> Text:
    return Text(fr=words, en=f"{words} (en)")


FLOW = Workflow(
    states=(
        State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
        State(
            code="waiting",
            title=said("En attente de vous"),
            phase=Phase.WAITING_FOR_YOU,
            timers=(Timer(transition="give_up", days=30),),
        ),
        State(code="closed", title=said("Fermée"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(code="ask", title=said("Demander"), sources=("received",), target="waiting", asks=reason_form()),
        Transition(code="answer", title=said("Répondre"), sources=("waiting",), target="received", by=("requester",)),
        Transition(code="give_up", title=said("Abandonner"), sources=("waiting",), target="closed", by=("system",)),
        Transition(code="close", title=said("Fermer"), sources=("received", "waiting"), target="closed"),
    ),
)


def test_a_right_move_says_where_it_leads_and_what_was_given():
    made = move(FLOW, "received", "ask", "agent", {"reason": " Quelle rue ? "})
    assert isinstance(made, Moved)
    assert (made.source.code, made.target.code, made.given.answers) == (
        "received",
        "waiting",
        {"reason": "Quelle rue ?"},
    )


def test_a_move_without_what_it_asks_for_has_problems():
    assert isinstance(move(FLOW, "received", "ask", "agent"), Problems)


@pytest.mark.parametrize(
    ("state", "transition", "mover", "code", "allowed"),
    [
        ("received", "explode", "agent", "unknown", ("ask", "close")),
        ("closed", "close", "agent", "not_from_here", ()),
        ("waiting", "answer", "agent", "not_by_you", ("close",)),
        ("waiting", "close", "requester", "not_by_you", ("answer",)),
    ],
)
def test_a_move_that_is_not_to_be_had_says_why_and_what_is(state, transition, mover, code, allowed):
    denied = move(FLOW, state, transition, mover)
    assert isinstance(denied, Denied)
    assert (denied.code, denied.allowed) == (code, allowed)


def test_the_reason_of_a_refusal_is_a_sentence_in_each_language():
    denied = move(FLOW, "closed", "close", "agent")
    assert (
        denied.reason.fr
        == "«\u00a0Fermer\u00a0» n’est pas possible quand la requête est à l’état «\u00a0Fermée\u00a0»."
    )
    assert denied.reason.en == "“Fermer (en)” is not possible while the request is “Fermée (en)”."


def test_a_forged_name_of_a_move_is_said_back_safely():
    assert "\x00" not in move(FLOW, "received", "\x00\ud800" * 100, "agent").reason.fr


def test_moves_are_offered_to_those_who_may_make_them():
    assert [each.code for each in FLOW.moves("waiting", "agent")] == ["close"]
    assert [each.code for each in FLOW.moves("waiting", "requester")] == ["answer"]
    assert FLOW.moves("closed", "manager") == ()


def test_a_state_that_nobody_of_the_town_can_leave_is_final():
    assert FLOW.is_final("closed")
    assert not FLOW.is_final("waiting")


def test_the_workflow_is_drawn_in_each_language():
    assert FLOW.diagram("en").splitlines()[:4] == [
        "stateDiagram-v2",
        "    [*] --> received",
        "    received : Reçue (en)",
        "    waiting : En attente de vous (en)",
    ]
    assert "    waiting --> closed : Fermer" in FLOW.diagram()


def test_an_unknown_state_is_a_key_error():
    with pytest.raises(KeyError):
        FLOW.state("nowhere")


# Mistakes


def mistakes(**changes: object) -> list[str]:
    return [str(mistake) for mistake in structs.replace(FLOW, **changes).mistakes()]


def changed(code: str, **changes: object) -> tuple[Transition, ...]:
    return tuple(structs.replace(each, **changes) if each.code == code else each for each in FLOW.transitions)


def timed(timer: Timer) -> tuple[State, ...]:
    return tuple(structs.replace(each, timers=(timer,)) if each.code == "waiting" else each for each in FLOW.states)


TAIL = "the plugin is left out"
TWICE = YesNo(code="danger", label=said("Danger"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        (
            {"states": ()},
            [f"workflow · there is no state · {TAIL} · declare at least one state"],
        ),
        (
            {"states": (*FLOW.states, State(code="lost", title=said("Perdue"), phase=Phase.CLOSED))},
            [f"state 'lost' · state 'lost' can never be reached · {TAIL} · add a transition to it or remove it"],
        ),
        (
            {"states": (*FLOW.states, FLOW.states[2])},
            [f"state 'closed' · two states have this code · {TAIL} · give each its own code"],
        ),
        (
            {"states": tuple(structs.replace(each, phase=Phase.DECIDED) for each in FLOW.states)},
            [f"workflow · no state is of phase 'closed' · {TAIL} · declare how a request of this kind ends"],
        ),
        (
            {
                "states": (*FLOW.states, State(code="stuck", title=said("Prise"), phase=Phase.DECIDED)),
                "transitions": (
                    *FLOW.transitions,
                    Transition(code="stick", title=said("Coincer"), sources=("received",), target="stuck"),
                ),
            },
            [
                f"state 'stuck' · state 'stuck' can never end · {TAIL}"
                " · add a transition that leads to a state of phase 'closed'"
            ],
        ),
        (
            {"transitions": changed("close", target="gone")},
            [f"transition 'close' · there is no state 'gone' · {TAIL} · declare it or correct its code"],
        ),
        (
            {"transitions": changed("close", sources=())},
            [f"transition 'close' · it starts nowhere · {TAIL} · name at least one source state"],
        ),
        (
            {"transitions": changed("close", by=())},
            [f"transition 'close' · nobody may make it · {TAIL} · name who may in `by`"],
        ),
        (
            {"transitions": (*FLOW.transitions, FLOW.transitions[3])},
            [f"transition 'close' · two transitions have this code · {TAIL} · give each its own code"],
        ),
        (
            {"transitions": changed("close", title=Text(fr=" "))},
            [f"transition 'close' · title · the French text is empty · {TAIL} · write it: French is always complete"],
        ),
        (
            {
                "transitions": changed(
                    "close", asks=Form(sections=(Section(code="s", title=said("S"), fields=(TWICE, TWICE)),))
                )
            },
            [f"transition 'close' · field 'danger' · two questions have this code · {TAIL} · give each its own code"],
        ),
        (
            {"states": timed(Timer(transition="sleep", days=3))},
            [
                f"state 'waiting' · timer 'sleep' · there is no such transition"
                f" · {TAIL} · declare it or correct its code"
            ],
        ),
        (
            {"states": timed(Timer(transition="close", days=3))},
            [
                "state 'waiting' · timer 'close' · the transition cannot be made from here by the system"
                f" · {TAIL} · add the source and 'system' to it"
            ],
        ),
        (
            {"states": timed(Timer(transition="give_up", days=0))},
            [f"state 'waiting' · timer 'give_up' · 0 days is no delay · {TAIL} · give a day or more"],
        ),
        (
            {"transitions": changed("give_up", asks=reason_form())},
            [
                "state 'waiting' · timer 'give_up' · the transition demands an answer that a timer cannot give"
                f" · {TAIL} · make its questions optional"
            ],
        ),
    ],
)
def test_each_mistake_of_an_author_is_said_whole(changes, expected):
    assert mistakes(**changes) == expected


def test_a_mistake_may_be_seen_from_further_out():
    mistake = DeclarationMistake(where="field 'a'", what="b", now_what="c").within("form")
    assert mistake.where == "form · field 'a'"
    assert DeclarationMistake(where="", what="b", now_what="c").within("form").where == "form"


def test_a_photo_may_be_asked_of_a_move():
    asks = Form(
        sections=(Section(code="proof", title=said("Preuve"), fields=(Photo(code="proof", label=said("Preuve")),)),)
    )
    assert structs.replace(FLOW, transitions=changed("close", asks=asks)).mistakes() == ()
