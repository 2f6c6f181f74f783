"""Everything that can happen to a request, in each possible state: the events for testing handlers."""

from collections.abc import Collection, Iterator
from random import Random

from msgspec import Struct, structs

from parvis_sdk.events import Erased, Event, Happened, Moved, Submitted
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import ServiceRequest, Town
from parvis_sdk.subscriptions import Need
from parvis_sdk.testing.answers import TODAY
from parvis_sdk.testing.cases import Case, view
from parvis_sdk.testing.samples import events_for
from parvis_sdk.testing.somebody_else import OURS
from parvis_sdk.testing.submissions import submission_for
from parvis_sdk.testing.town import MORNING, TOWN
from parvis_sdk.workflow import Workflow


class Happening(Struct, frozen=True, kw_only=True):
    """An event, and the request as a handler sees it then."""

    event: Event
    request: ServiceRequest

    def __str__(self) -> str:
        match self.event:
            case Moved(transition=code):
                which = f" {code!r}"
            case Happened(fact=code):
                which = f" {code!r}"
            case _:
                which = ""
        return f"{type(self.event).__name__}{which} in state {self.request.state!r}"


def case_of(request_type: RequestType, seed: int = 7) -> Case:
    """A request of that type with random answers, the same for the same seed."""
    given = submission_for(request_type, Random(seed))
    submission = request_type.read(given.native, channel="portal", today=TODAY, attachments=given.attachments)
    assert not isinstance(submission, Problems), f"{request_type.code} cannot be asked for: {submission}"
    case = Case(
        reference=OURS,
        request_type=request_type,
        submission=submission,
        state=request_type.workflow.initial.code,
        submitted_at=MORNING,
        entered_at=MORNING,
    )
    case.files.update({id: given.attachments[id] for id in submission.attachments})
    return case


def happenings(
    request_type: RequestType, needs: tuple[Need, ...], *, seed: int = 7, name: str = "", town: Town = TOWN
) -> Iterator[Happening]:
    """The events of one request for a handler with these needs: submitted first, each event in each state in
    which it can come, erased last, when nothing personal is left of it.
    """
    case, flow = case_of(request_type, seed), request_type.workflow
    requests = {}
    for state in flow.states:
        case.state = state.code
        requests[state.code] = view(case, town, needs, name)
    everywhere = reachable(flow, {flow.initial.code})
    for event in events_for(request_type, case.reference, MORNING):
        for code in states_of(event, request_type, everywhere):
            shown = requests[code]
            if isinstance(event, Erased):
                shown = erased(shown, request_type)
            yield Happening(event=event, request=shown)


def states_of(event: Event, request_type: RequestType, everywhere: Collection[str]) -> tuple[str, ...]:
    """The states in which that event is possible, in the order of declaration.

    The event of a step comes in the state that it leads to. A fact that steps bring about comes with them; one that
    time or people bring about may come at any moment after its part has begun.
    """
    flow = request_type.workflow
    match event:
        case Submitted():
            return (flow.initial.code,)
        case Moved(target=target):
            found: Collection[str] = {target}
        case Happened(fact=fact) if request_type.facts()[fact].brought:
            found = brought_in(flow, {fact}) or everywhere
        case Happened(fact=fact):
            part, _ = request_type.part_of(fact)
            began = brought_in(flow, {name for name, each in part.facts().items() if each.brought})
            found = reachable(flow, began) if began else everywhere
        case _:
            found = everywhere
    return tuple(state.code for state in flow.states if state.code in found)


def brought_in(flow: Workflow, facts: Collection[str]) -> set[str]:
    """The states in which one of these facts is caused."""
    moved = {each.target for each in flow.transitions if not set(facts).isdisjoint(each.brings)}
    return moved | {state.code for state in flow.states if not set(facts).isdisjoint(state.brings)}


def reachable(flow: Workflow, begin: Collection[str]) -> set[str]:
    """These states and all that transitions lead to from them."""
    reached, edge = set(begin), list(begin)
    while edge:
        here = edge.pop()
        for each in flow.transitions:
            if here in each.sources and each.target not in reached:
                reached.add(each.target)
                edge.append(each.target)
    return reached


def erased(request: ServiceRequest, request_type: RequestType) -> ServiceRequest:
    """The request after erasure: no contact, no files, and only answers that are not personal."""
    personal = {field.code for field in request_type.form.fields() if field.privacy.sensitivity not in UNTOUCHED}
    left = {code: value for code, value in request.answers.items() if code not in personal}
    return structs.replace(
        request, answers=left, requester=None, attachments=(), followers=(), parties=(), tracking_url="", place=None
    )


UNTOUCHED = ("public", "internal")
