"""One action for many requests: what can be done to all of them, how each would fare, and the change that it makes."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.amendments import assignment_refused, plan_assignment
from parvis.requests.announcements import closing_word
from parvis.requests.changing import Change, Plan, Situation
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.heart import Heart
from parvis.requests.joining.merging import locked_with_the_kept, plan_merge
from parvis.requests.joining.merging_many import of_another_type, weigh
from parvis.requests.lifecycle import plan_move
from parvis.requests.many.many_told import is_spared
from parvis.requests.parts.together import kinds_installed, page_before, standing_facts
from parvis.requests.records import Record, both_locked, find
from parvis.requests.tied.children import locked_with_the_whole
from parvis.requests.tied.ties import NOT_YOURS
from parvis.requests.undoing import plan_undo
from parvis.requests.visibility import Permission, Viewer, may, mover_of, moves_for, sees
from parvis.requests.work.priorities import plan_priority, priority_refused
from parvis.territory.calendars import local_day
from parvis_sdk.fields import AnyField, File, Group, Photo
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Moved, Transition, move

ANOTHER_STEP = Text(
    fr="L’étape « {move} » de cette requête n’est pas la même.", en="The step “{move}” of this request is another one."
)
NO_STEP = Text(fr="Ce type de requête n’a pas cette étape.", en="This type of request has no such step.")
HERE_ALREADY = Text(fr="La requête est déjà là.", en="The request is there already.")


class Move(Struct, frozen=True, kw_only=True, tag="move"):
    """A transition with the answers that it demands; `sign` tells it from one of the same code in another type."""

    transition: str
    sign: str
    title: Text
    given: dict[str, Any] = {}
    quiet: bool = False  # whom the closing word of the incident has reached is not written to about it
    incident: str = ""


class Assign(Struct, frozen=True, kw_only=True, tag="assign"):
    """To a unit ("" is the one that has it) and to a person of it, or to nobody in particular."""

    unit: str = ""
    assignee: UUID | None = None
    name: str = ""


class Prioritise(Struct, frozen=True, kw_only=True, tag="priority"):
    """How pressing."""

    priority: int


class Merge(Struct, frozen=True, kw_only=True, tag="merge"):
    """As reports of the same thing: each goes on with this one."""

    into: str


class Undo(Struct, frozen=True, kw_only=True, tag="undo"):
    """What another batch did, taken back where nothing was done since."""

    of: UUID


Action = Move | Assign | Prioritise | Merge | Undo
RIGHTS: dict[type[Action], Permission] = {
    Move: "work",
    Assign: "assign",
    Prioritise: "assign",
    Merge: "work",
    Undo: "assign",
}


class Offered(Struct, frozen=True, kw_only=True):
    """A step that some of the chosen requests can make, and how many of them."""

    key: str
    transition: Transition
    fields: tuple[AnyField, ...]
    count: int


async def offered(heart: Heart, viewer: Viewer, records: Iterable[Record]) -> tuple[Offered, ...]:
    """The steps that can be made for several at once: those without a file or a list of their own; commonest first."""
    steps: dict[str, tuple[Transition, int]] = {}
    kinds = kinds_installed(heart)
    for record in records:
        kind = await type_of_record(heart, record)
        for each in moves_for(heart, record, kind, viewer):
            if page_before(kinds, kind, each) or any(
                _is_file(field) and field.required for field in each.asks.fields()
            ):
                continue
            key = key_of(each)
            steps[key] = (each, steps[key][1] + 1 if key in steps else 1)
    found = [Offered(key=key, transition=step, fields=asked(step), count=count) for key, (step, count) in steps.items()]
    return tuple(sorted(found, key=lambda one: -one.count))


def asked(transition: Transition) -> tuple[AnyField, ...]:
    """What a step asks of many at once: everything but files."""
    return tuple(field for field in transition.asks.fields() if not _is_file(field))


def _is_file(field: AnyField) -> bool:
    return isinstance(field, Photo | File) or (
        isinstance(field, Group) and any(_is_file(inner) for inner in field.fields)
    )


def key_of(transition: Transition) -> str:
    """A step with what it is called and asks: the same for every type in which it is the same."""
    return f"{transition.code}~{sign_of(transition)}"


def sign_of(transition: Transition) -> str:
    told = msgspec.json.encode((transition.title, transition.asks, transition.tell), order="deterministic")
    return hashlib.sha256(told).hexdigest()[:10]


async def judge(heart: Heart, viewer: Viewer, record: Record, action: Action) -> Text | None:
    """Why this request would not be changed by the action as it stands now; None where it would be.

    What a step needs is asked of the database; everything else is in the record.
    """
    if not sees(viewer, record, heart.territory) or not may(viewer, RIGHTS[type(action)], record, heart.territory):
        return NOT_YOURS
    kind = await type_of_record(heart, record)
    match action:
        case Move():
            return await _why_no_move(heart, viewer, record, kind, action)
        case Assign():
            refused = assignment_refused(heart.territory.jurisdiction(record.jurisdiction), action.unit or record.unit)
            return why(refused) if refused else (HERE_ALREADY if _is_there(record, action) else None)
        case Prioritise():
            denied = priority_refused(record, action.priority)
            return denied.reason if denied else None
        case Merge():
            [weighed] = await weigh(heart, viewer, (record,), action.into)
            return weighed.refused.reason if weighed.refused else None
        case Undo():
            return None  # judged when it is done: what it takes back was done a moment ago


async def _why_no_move(heart: Heart, viewer: Viewer, record: Record, kind: RequestType, action: Move) -> Text | None:
    mover = mover_of(viewer, record, heart.territory)
    if mover is None or not is_offered(heart, record) or record.erased_at is not None:
        return NOT_YOURS
    if denied := _another(heart, kind, action):
        return denied.reason
    calendar = heart.territory.jurisdiction(record.jurisdiction).calendar
    moved = move(
        kind.workflow, record.state, action.transition, mover, action.given, today=local_day(calendar, clock.now())
    )
    if not isinstance(moved, Moved):
        return why(moved)
    if not moved.transition.needs:
        return None
    hindered = kind.not_yet(moved.transition, await standing_facts(heart, record, kind))
    return hindered.reason if hindered else None


def _another(heart: Heart, kind: RequestType, action: Move) -> Denied | None:
    wanted = kind.workflow.transition(action.transition)
    if wanted is None:
        return Denied(code="unknown", reason=NO_STEP)
    if sign_of(wanted) != action.sign or page_before(kinds_installed(heart), kind, wanted):
        return Denied(code="not_possible", reason=ANOTHER_STEP.format(move=wanted.title))
    return None


def _is_there(record: Record, action: Assign) -> bool:
    return (action.unit or record.unit) == record.unit and action.assignee == record.assignee


async def lock_beside(heart: Heart, action: Action, reference: str) -> None:
    """Inside a unit: lock what changes together with a request, before that itself is locked, in the order of all."""
    match action:
        case Merge():
            await both_locked(heart, reference, action.into)
        case Undo():
            await locked_with_the_kept(heart, reference)
        case Move():
            await locked_with_the_whole(heart, reference)
        case _:
            pass


def planning(heart: Heart, viewer: Viewer, actor: Actor, action: Action) -> Plan[Denied | Problems]:
    """What is done to each of them, judged anew under lock: also whether the person still may."""

    async def plan(here: Situation) -> Change | Denied | Problems:
        if isinstance(action, Undo):
            return await plan_undo(heart, viewer, actor, here)
        if not may(viewer, RIGHTS[type(action)], here.record, heart.territory):
            return Denied(code="not_by_you", reason=NOT_YOURS)
        match action:
            case Move():
                mover = mover_of(viewer, here.record, heart.territory)
                if mover is None:
                    return Denied(code="not_by_you", reason=NOT_YOURS)
                if denied := _another(heart, here.kind, action):
                    return denied
                quiet = await _is_quiet(heart, here, action)
                return await plan_move(heart, action.transition, action.given, actor, mover, "", here, quiet=quiet)
            case Assign():
                if _is_there(here.record, action):
                    return Denied(code="not_possible", reason=HERE_ALREADY)
                return plan_assignment(here, action.unit or here.record.unit, action.assignee, action.name, actor)
            case Prioritise():
                return plan_priority(heart, here, action.priority)
            case Merge():
                other = await find(heart, action.into)
                return of_another_type(here.record, other) or await plan_merge(heart, viewer, other, actor, here)

    return plan


async def _is_quiet(heart: Heart, here: Situation, action: Move) -> bool:
    word = await word_that_spares(heart, action)
    return word is not None and await is_spared(heart, here.town, here.record, word)


async def word_that_spares(heart: Heart, action: Move) -> UUID | None:
    """The closing word that told people already what this step would tell them; None where nobody is to be spared."""
    incident = await find(heart, action.incident) if action.quiet and action.incident else None
    word = await closing_word(incident.id) if incident else None
    return word.id if word else None


def why(refused: Denied | Problems) -> Text:
    """A refusal in one sentence."""
    return refused.reason if isinstance(refused, Denied) else refused.found[0].message


def without_words(action: Action) -> Action:
    """The action as it may be kept once it is done: without what was typed."""
    return msgspec.structs.replace(action, given={}) if isinstance(action, Move) else action


def as_typed(given: Mapping[str, Any], fields: Iterable[AnyField]) -> dict[str, Any]:
    """Of what was typed, the answers to these questions."""
    codes = {field.code for field in fields}
    return {code: value for code, value in given.items() if code in codes}
