"""Moving a request through its workflow: desk button, API, resident's link, connector and timer end here."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct, structs

from parvis.db import in_transaction_of_its_own
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import add_business_days, local_day
from parvis.requests.actors import REQUESTER, SYSTEM, Actor
from parvis.requests.answer_versions import versions_at
from parvis.requests.attached.attachments import audiences_of, bind, waiting
from parvis.requests.changing import Change, Conflict, Situation, Write, certainly, change_within
from parvis.requests.clocks.clocks import (
    Clock,
    after_move,
    beginning,
    clocks_of,
    keep_changed,
    keep_new,
    levels_told,
    noted,
    shown_of,
)
from parvis.requests.clocks.measures import NOT_FIXED, ended, reopened
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.history import Audience, Line
from parvis.requests.host import Host
from parvis.requests.levels import terms_of
from parvis.requests.parts.part_kinds import EffectContext, Effects
from parvis.requests.parts.together import answered_again, bring_about, end_parts, known_of, standing_facts
from parvis.requests.records import ENDED, Record
from parvis.requests.relations.children import Planned, follow_up_the_whole, locked_with_the_whole
from parvis.requests.relations.merged import tell_along
from parvis.requests.task_keeping import withdrawn_with
from parvis.requests.visibility import WITHDRAW
from parvis_sdk.events import AnyEvent, Happened, Withdrawn
from parvis_sdk.events import Moved as MovedEvent
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.standing_answers import standing_answers, tellable
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Moved, Mover, State, Transition, move

GONE = Text(
    fr="Ce service n’est pas disponible pour le moment\u00a0: la requête peut être lue, mais n’avance pas.",
    en="This service is not available at the moment: the request can be read but cannot move forward.",
)


GOES_ON_ELSEWHERE = Text(
    fr="Cette requête est jointe à une autre, qui avance pour elle. Séparez d’abord les deux requêtes.",
    en="This request is joined to another one, which continues in its place. Separate them first.",
)
Then = Callable[[Record], Awaitable[Record]]
OTHERS_TOO = Text(
    fr="D’autres personnes ont signalé la même chose : la requête continue. Vous pouvez arrêter les messages.",
    en="Other people have reported the same thing: the request goes on. You may stop the messages.",
)


class MoveRule(Struct, frozen=True, kw_only=True):
    """What a module does when a requester makes one of these transitions, in the transaction of the request.

    `refused` tells why one is not to be had now; `followed` is asked last, with the request as it has become.
    """

    transitions: tuple[str, ...]
    refused: Callable[[Situation, Actor], Awaitable[Denied | None]]
    followed: Callable[[Host, Record, str], Awaitable[Record]]


async def make_move(
    host: Host,
    reference: str,
    transition: str,
    raw: Mapping[str, Any],
    *,
    actor: Actor,
    mover: Mover,
    expected: int | None = None,
    holder: str = "",
) -> Record | Denied | Problems | Conflict:
    """Make a transition with the answers it requires; `holder` owns the files that came with them."""
    plan = partial(plan_move, host, transition, raw, actor, mover, holder)

    async def made() -> Record | Denied | Problems | Conflict:
        await locked_with_the_whole(host, reference)
        return await change_within(host, reference, plan, actor=actor, expected=expected)

    return await in_transaction_of_its_own(host.engine, made)


def happening(
    host: Host,
    here: Situation,
    facts: Mapping[str, Mapping[str, Text]],
    *,
    actor: Actor,
    writes: tuple[Write, ...],
    audience: Audience = "requester",
    body: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    tell: bool = True,
) -> Change:
    """The change by which facts of parts come true outside a step: written, announced, and followed by what they cause.

    `facts` holds for each what messages may say of it, by name. What the part itself has to write is in `writes`.
    """
    return Change(
        line=Line(
            kind="happened",
            audience=audience,
            body={"facts": sorted(facts), **(body or {})},
            personal=dict(personal) if personal else None,
        ),
        events=happenings(here, facts, actor, tell=tell),
        writes=writes,
        then=partial(follow_on, host, tuple(facts)),
    )


def happenings(
    here: Situation, facts: Mapping[str, Mapping[str, Text]], actor: Actor, *, tell: bool = True, moved: bool = False
) -> tuple[Happened, ...]:
    """What announces facts; of a step that is told (`moved`) only what has a message of its own is told again."""
    return tuple(
        Happened(
            **here.about(actor),
            type=here.record.type,
            fact=fact,
            said=dict(said),
            tell=tell and (not moved or here.request_type.message(fact) is not None),
        )
        for fact, said in facts.items()
    )


async def _begun(
    host: Host, here: Situation, what: Collection[str], known: Collection[Clock], answers: Mapping[str, Any]
) -> tuple[Clock, ...]:
    """The clocks that begin with these states, phases and facts; most types have none that begin late."""
    if not any(level.since for level in here.request_type.service_levels):
        return ()
    terms = await terms_of(host, here.town, here.record.place, here.record.priority)
    return beginning(here.request_type, answers, here.town, here.at, terms, begun=what, known=known)


async def _begin(host: Host, facts: Collection[str], record: Record) -> Record:
    """Inside a transaction: the clocks that begin with facts which have come true, in an entry of their own."""

    async def plan(here: Situation) -> Change | Record:
        known = await clocks_of(here.record.id)
        answers = standing_answers(
            here.request_type, here.record.answers, await answered_again(here.record, here.request_type)
        )
        begun = await _begun(host, here, facts, known, answers)
        if not begun:
            return here.record
        promise = shown_of((*known, *begun))
        internal = all(each.allowance.internal for each in begun)
        body = {
            "facts": sorted(facts),
            **noted((), begun),
            **levels_told(begun),
            **told_of(here.record, promise),
        }
        return Change(
            line=Line(kind="clocks", audience="internal" if internal else "requester", body=body),
            columns={"promised_at": promise.due_at, "promise": promise.state} if promise else {},
            writes=(partial(keep_new, host, here.town, here.record.id, begun),),
        )

    return certainly(await change_within(host, record.reference, plan, actor=SYSTEM))


async def follow_on(host: Host, facts: Collection[str], record: Record) -> Record:
    """In a transaction, once facts have come true: the step that the system makes after each, where one can be made.

    Of several the first that can be had is made. One that lacks other facts waits for them; what else hinders it is
    written in the history for the desk.
    """
    request_type = await type_of_record(host, record)
    if any(level.since in facts for level in request_type.service_levels):
        record = await _begin(host, facts, record)
    for fact in facts:
        hindered: Denied | None = None
        for transition in request_type.workflow.made_after(fact, record.state):
            plan = partial(plan_move, host, transition.code, {}, SYSTEM, "system", "")
            became = await change_within(host, record.reference, plan, actor=SYSTEM)
            if isinstance(became, Record):
                record, hindered = became, None
                break
            if isinstance(became, Denied) and became.code != "not_yet":
                hindered = became
        if hindered is not None:
            record = await _write_down(host, record, fact, hindered)
    return record


async def _write_down(host: Host, record: Record, fact: str, hindered: Denied) -> Record:
    async def plan(here: Situation) -> Change:
        note = {"note": structs.asdict(hindered.reason)}
        return Change(line=Line(kind="hindered", audience="internal", body={"fact": fact}, personal=note))

    return certainly(await change_within(host, record.reference, plan, actor=SYSTEM))


async def withdraw(
    host: Host, reference: str, raw: Mapping[str, Any], *, actor: Actor = REQUESTER
) -> Record | Denied | Problems | Conflict:
    """Take a request back, as its requester."""
    return await make_move(host, reference, WITHDRAW, raw, actor=actor, mover="requester")


async def plan_move(
    host: Host,
    transition: str,
    raw: Mapping[str, Any],
    actor: Actor,
    mover: Mover,
    holder: str,
    here: Situation,
    *,
    quiet: bool = False,
) -> Change | Denied | Problems:
    """The change that a transition makes, or why it is not to be had. With `quiet` nobody is written to about it."""
    if not is_offered(host, here.record):
        return Denied(code="not_by_you", reason=GONE)
    if here.record.merged_into is not None:
        return Denied(code="not_from_here", reason=GOES_ON_ELSEWHERE)
    if here.record.duplicates and (transition, mover) == (WITHDRAW, "requester"):
        return Denied(code="not_from_here", reason=OTHERS_TOO)
    rules = [each for each in _rules(host, here, mover) if transition in each.transitions]
    for rule in rules:
        if barred := await rule.refused(here, actor):
            return barred
    again = await answered_again(here.record, here.request_type)
    files = await waiting(holder) if holder else {}
    beside = standing_answers(here.request_type, here.record.answers, again)
    moved = move(
        here.request_type.workflow,
        here.record.state,
        transition,
        mover,
        raw,
        attachments=files,
        today=local_day(here.town.calendar, here.at),
        beside=beside,
        asked=here.request_type.form.fields(),
    )
    if not isinstance(moved, Moved):
        return moved
    standing = await _standing(host, here, moved.transition)
    known = beside | await known_of(host, here.record, here.request_type, (moved.transition,))
    if refused := here.request_type.not_yet(moved.transition, standing, known, moved.given.answers):
        return refused
    bringing = EffectContext(host=host, here=here, actor=actor, move=transition, given=moved.given.answers, again=again)
    brought = await bring_about(bringing, here.request_type.workflow.brought_by(moved.transition))
    if not isinstance(brought, Effects):
        return brought
    told = moved.transition.tell
    clocks = await clocks_of(here.record.id)
    moved_on = tuple(after_move(each, moved.target.phase, here.town.calendar, here.at) for each in clocks)
    what = (moved.target.code, moved.target.phase, *brought.facts)
    begun = await _begun(host, here, what, moved_on, bringing.answers)
    now_clocks = (*moved_on, *begun)
    writes: list[Write] = [
        partial(keep_changed, host, here.town, clocks, moved_on),
        partial(keep_new, host, here.town, here.record.id, begun),
    ]
    if moved.given.attachments:
        asked, given = moved.transition.asks.fields(), moved.given.answers
        audiences = audiences_of(asked, given, by_requester=mover == "requester", told=told)
        writes.append(partial(bind, here.record.id, holder, audiences))
    writes += brought.writes
    if moved.target.phase is Phase.CLOSED:
        writes += (*await end_parts(bringing), *withdrawn_with(host, here))
    body: dict[str, Any] = {"transition": transition, "source": moved.source.code, "target": moved.target.code}
    body |= brought.body | ({"facts": sorted(brought.facts)} if brought.facts else {})
    if moved.target.phase is Phase.DECIDED and any(part.REVISES for part in here.request_type.parts):
        body["rests_on"] = (await versions_at(here.record)).told()
    body |= noted(clocks, now_clocks) | levels_told(begun)
    promise = shown_of(now_clocks)
    return Change(
        line=Line(
            kind="moved",
            audience="public" if told else "internal",
            body=body | told_of(here.record, promise),
            personal={"given": moved.given.answers} if moved.given.answers else None,
        ),
        columns=coming_into(here, here.request_type, moved.target, promise)
        | ({"settled": "no", "settled_at": here.at} if (transition, actor.kind) == (NOT_FIXED, "requester") else {}),
        events=(
            *_events(here, moved, brought, actor, told and not quiet),
            *happenings(here, brought.facts, actor, tell=not quiet, moved=told),
        ),
        writes=tuple(writes),
        then=_by_rules(
            host,
            rules,
            transition,
            _afterwards(host, here, moved.target, tuple(brought.facts), actor, told=told and not quiet),
        ),
    )


def _rules(host: Host, here: Situation, mover: Mover) -> tuple[MoveRule, ...]:
    return host.modules.heard(MoveRule, here.town) if mover == "requester" else ()


def _by_rules(host: Host, rules: Sequence[MoveRule], transition: str, then: Then | None) -> Then | None:
    """What follows a step, then what these rules make of it."""
    if not rules:
        return then

    async def all_of_it(record: Record) -> Record:
        record = await then(record) if then else record
        for rule in rules:
            record = await rule.followed(host, record, transition)
        return record

    return all_of_it


def _afterwards(
    host: Host, here: Situation, target: State, facts: tuple[str, ...], actor: Actor, *, told: bool
) -> Then | None:
    """What follows a step: those are told whose requests go on with this one, facts have their own consequences, and
    the request that stands for several learns that one of them is under way or over.
    """
    follows = partial(follow_on, host, facts) if facts else None
    along = told and here.record.duplicates > 0
    of_whole = target.phase in (*ENDED, Phase.IN_PROGRESS)
    if not along and not of_whole:
        return follows

    async def all_of_it(record: Record) -> Record:
        if along:
            await tell_along(host, record, here, target, actor)
        if of_whole:
            await follow_up_the_whole(host, record, partial(planning_move, host))
        return await follows(record) if follows else record

    return all_of_it


def planning_move(host: Host, transition: str, raw: Mapping[str, Any], mover: Mover) -> Planned:
    """A plan for the system to make a step by itself, as the system may or in the place of an agent."""
    return partial(plan_move, host, transition, raw, SYSTEM, mover, "")


async def _standing(host: Host, here: Situation, transition: Transition) -> frozenset[str]:
    return await standing_facts(host, here.record, here.request_type) if transition.waits else frozenset()


def arrival(request_type: RequestType, town: Jurisdiction, state: State, at: datetime) -> dict[str, Any]:
    """The columns that say in which state a request has arrived, and when it will leave by itself."""
    dues = [
        add_business_days(town.calendar, at, timer.days) if timer.business else at + timedelta(days=timer.days)
        for timer in state.timers
    ]
    return {"state": state.code, "phase": state.phase, "state_since": at, "timer_due_at": min(dues, default=None)}


def retention_due(request_type: RequestType, state: State, at: datetime) -> datetime | None:
    """When the retention rule of the type takes hold of a request that has come into `state`."""
    return retention_due_after(request_type, at) if state.phase is Phase.CLOSED else None


def retention_due_after(request_type: RequestType, at: datetime) -> datetime:
    """When it takes hold of a request that was closed then."""
    return at + timedelta(days=request_type.retention.days)


def coming_into(here: Situation, request_type: RequestType, target: State, promise: Clock | None) -> dict[str, Any]:
    """The columns of a request that comes into a state of its workflow, with the promise that then stands."""
    closed_at = (here.record.closed_at or here.at) if target.phase is Phase.CLOSED else None
    kept = ended(here.town.calendar, here.record.submitted_at, closed_at, promise)
    kept |= reopened(here.record, target.phase, promise, here.at)
    return (
        arrival(request_type, here.town, target, here.at)
        | kept
        | {
            "closed_at": closed_at,
            "decided_at": (here.record.decided_at or here.at) if target.phase in ENDED else None,
            "retention_due_at": retention_due(request_type, target, here.at),
            "promised_at": promise.due_at if promise else None,
            "promise": promise.state if promise else "none",
        }
    )


def told_of(record: Record, promise: Clock | None) -> dict[str, Any]:
    """What an entry says of a promise that has moved."""
    if promise is None or promise.due_at == record.promised_at:
        return {}
    return {"promised_at": promise.due_at.isoformat(), "promised_before": _iso(record.promised_at)}


def _events(here: Situation, moved: Moved, brought: Effects, actor: Actor, told: bool) -> tuple[AnyEvent, ...]:
    event = MovedEvent(
        **here.about(actor),
        type=here.record.type,
        transition=moved.transition.code,
        source=moved.source.code,
        target=moved.target.code,
        tell=told,
        given=tellable(moved.transition.asks, moved.given.answers) if moved.transition.tell else {},
        said={name: text for said in brought.facts.values() for name, text in said.items()},
    )
    if moved.transition.code == WITHDRAW:
        return (event, Withdrawn(**here.about(actor)))
    return (event,)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
