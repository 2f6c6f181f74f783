"""All kinds of parts at the pretend desk: what a transition causes, which facts are true, what time causes."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from parvis_sdk.parts import Part
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Town
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.documents import DOCUMENTS
from parvis_sdk.testing.pretend.fees import FEES
from parvis_sdk.testing.pretend.inspections import INSPECTIONS
from parvis_sdk.testing.pretend.obligations import OBLIGATIONS
from parvis_sdk.testing.pretend.reviews import REVIEWS
from parvis_sdk.testing.pretend.situations import Effects, Facts, PretendKind, Situation, Write
from parvis_sdk.testing.pretend.supplements import SUPPLEMENTS
from parvis_sdk.testing.pretend.validity import VALIDITY
from parvis_sdk.workflow import Denied

KINDS: dict[str, PretendKind] = {
    kind.noun.part: kind for kind in (VALIDITY, OBLIGATIONS, FEES, REVIEWS, SUPPLEMENTS, INSPECTIONS, DOCUMENTS)
}
"""The kinds that the sdk publishes; of any other its declared facts are played, as they are said to happen."""


def bring_about(here: Situation, facts: Iterable[str]) -> Effects | Denied | Problems:
    """Causes all these facts, those that depend on others last; if one is refused, none is caused."""
    writes, came = list[Write](), Facts()
    for fact in sorted(facts, key=lambda name: _is_last(name.partition(".")[0])):
        part, word = here.request_type.part_of(fact)
        brought = KINDS[part.part].bring(here, part, word) if part.part in KINDS else stated(here, part, word)
        if not isinstance(brought, Effects):
            return brought
        writes += brought.writes
        came |= brought.facts
        for said in brought.facts.values():
            here.said.update(said)
    return Effects(writes=tuple(writes), facts=came)


def has_page_before(request_type: RequestType, transition: str) -> bool:
    """Whether the result of this transition is first prepared on a separate page."""
    step = request_type.workflow.transition(transition)
    facts = request_type.workflow.brought_by(step) if step is not None else ()
    words = {request_type.part_of(each)[0].part for each in facts}
    return any(KINDS[word].has_page for word in words & KINDS.keys())


def stated(here: Situation, part: Part, word: str, over: Iterable[str] = ()) -> Effects:
    """Makes a fact of an unknown kind true; those in `over` become false."""
    gone = partial(here.case.stated.difference_update, {part.fact(each) for each in over})
    return Effects(writes=(gone, partial(here.case.stated.add, part.fact(word))), facts={part.fact(word): {}})


def standing_facts(case: Case, now: datetime) -> frozenset[str]:
    """Every fact that is true of the request now."""
    kinds = (KINDS[word] for word in {part.part for part in case.request_type.parts} if word in KINDS)
    return frozenset(case.stated).union(*(kind.standing(case, now) for kind in kinds))


def moments_of(case: Case, town: Town) -> list[datetime]:
    """The next time at which something happens to each kind of its parts."""
    words = {part.part for part in case.request_type.parts} & KINDS.keys()
    return [at for word in words if (at := KINDS[word].moment(case, town)) is not None]


def end_parts(case: Case) -> None:
    """Ends everything open when the request is closed."""
    for kind in KINDS.values():
        kind.end(case)


def _is_last(word: str) -> bool:
    return word in KINDS and KINDS[word].brought_last
