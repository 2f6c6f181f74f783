"""Tests with random answers whether every transition of a workflow can be made."""

from collections.abc import Iterable, Iterator
from random import Random

from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing.answers import TODAY, answers_for
from parvis_sdk.workflow import Denied, move


def move_mistakes(request_type: RequestType, seeds: Iterable[int]) -> Iterator[str]:
    """Each transition that fails from one of its states for one of its actors.

    What time or a fact makes is given no answers; what a handler wishes is given those that its outcome names.
    """
    flow = request_type.workflow
    alone = {timer.transition for state in flow.states for timer in state.timers}
    alone |= {each.code for each in flow.transitions if each.after}
    for each in flow.transitions:
        for seed in seeds:
            given = answers_for(each.asks, Random(seed))
            for source in each.sources:
                for mover in each.by:
                    raw = {} if mover == "system" and each.code in alone else given.native
                    made = move(flow, source, each.code, mover, raw, attachments=given.attachments, today=TODAY)
                    here = f"{request_type.code}: {each.code!r} from {source!r} by {mover}"
                    if isinstance(made, Denied):
                        yield f"{here} is denied: {made.reason.en}"
                    elif isinstance(made, Problems):
                        yield f"{here} has problems: {'; '.join(f'{p.path}: {p.code}' for p in made.found)}"
