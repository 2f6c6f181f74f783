"""Which of the steps that can be made now comes first on a request's page: the usual next one."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition, Workflow

OFFERED_LAST = ("waiting_for_you",)
"""Phases into which no usual next step leads: it is the town's turn."""


class NextSteps(Struct, frozen=True, kw_only=True):
    """One step, None where none can be made yet but by an exception; the others as declared; why some must wait."""

    main: Transition | None
    others: tuple[Transition, ...]
    not_yet: Mapping[str, Text] = {}


def in_order(moves: Sequence[Transition], workflow: Workflow, not_yet: Mapping[str, Text]) -> NextSteps:
    """The first in the order of the workflow that goes on with the request: no refusal, no question to its person."""
    onward = (
        each
        for each in moves
        if each.tone != "warning" and each.code not in not_yet and workflow.state(each.target).phase not in OFFERED_LAST
    )
    main = next(onward, None)
    return NextSteps(main=main, others=tuple(each for each in moves if each is not main), not_yet=not_yet)
