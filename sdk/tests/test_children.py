"""The rule for children: what of it cannot be is told when a type is declared."""

import pytest

from parvis_sdk.children import ChildRule, child_mistakes
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow


def said(words):
    return Text(fr=words, en=words)


WORKFLOW = Workflow(
    states=(
        State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
        State(code="done", title=said("Réglée"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(code="resolve", title=said("Régler"), sources=("received",), target="done", by=("agent", "system")),
        Transition(code="refer", title=said("Diriger"), sources=("received",), target="done", by=("manager",)),
    ),
)
LAMPS = PlaceRule(assets="lamps", most_assets=5)


def test_a_rule_that_can_be_is_no_mistake():
    assert list(child_mistakes(None, PlaceRule(), WORKFLOW)) == []
    assert list(child_mistakes(ChildRule(move="resolve", elsewhere="resolve"), LAMPS, WORKFLOW)) == []


@pytest.mark.parametrize(
    ("rule", "place", "what"),
    [
        (ChildRule(move="resolve"), PlaceRule(), "only one thing can be chosen"),
        (ChildRule(move="mend"), LAMPS, "move names no transition 'mend'"),
        (ChildRule(move="refer"), LAMPS, "no system may make 'refer'"),
        (ChildRule(move="resolve", elsewhere="refer"), LAMPS, "no agent may make 'refer'"),
    ],
)
def test_what_of_it_cannot_be_is_named(rule, place, what):
    (mistake,) = child_mistakes(rule, place, WORKFLOW)
    assert (mistake.where, mistake.what) == ("children", what)
