"""One action for many requests: what can be done to all, how each would fare, whom it tells, the change it makes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Person, get_agent
from parvis.requests.actors import Actor
from parvis.requests.amendments import assignment_refused, plan_assignment
from parvis.requests.announcements import closing_word, heard
from parvis.requests.changing import Change, Plan, Situation
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.parties import Receiver, by_way, receivers_about
from parvis.requests.parts.together import answers_now, kinds_installed, page_before, standing_facts
from parvis.requests.queue_actions import OfModule, QueueAction
from parvis.requests.records import Record, find
from parvis.requests.relations.children import locked_with_the_whole
from parvis.requests.relations.ties import NOT_YOURS
from parvis.requests.undoing import lock_to_undo, plan_undo
from parvis.requests.visibility import Viewer, may, mover_of, moves_for, sees
from parvis.requests.work.priorities import plan_priority, priority_refused
from parvis.viewers import taking_refused
from parvis_sdk.fields import AnyField, File, Group, Photo
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Moved, Transition, move


class RecipientCount(Struct, frozen=True, kw_only=True):
    """How many people are written to, by way, each address counted once; and how many are not."""

    ways: dict[str, int]
    spared: int = 0

    @property
    def people(self) -> int:
        return sum(self.ways.values())


async def written_to(
    host: Host, town: Jurisdiction, records: Sequence[Record], word: UUID | None = None
) -> RecipientCount:
    """Who is written to about a step of these; with `word`, whom that closing word has reached is left in peace."""
    about = await receivers_about(host, town, records)
    known = await heard(host, word, [each for those in about.values() for each in those]) if word else frozenset()
    told, spared = list[Receiver](), list[Receiver]()
    for those in about.values():
        (spared if _all_heard(those, known) else told).extend(those)
    addresses = {each.address for each in told}
    return RecipientCount(ways=by_way(told), spared=len({each.address for each in spared} - addresses))


async def is_spared(host: Host, town: Jurisdiction, record: Record, word: UUID) -> bool:
    """Whether everybody who would be told about a step of this request has received that closing message."""
    those = (await receivers_about(host, town, [record])).get(record.id, ())
    return _all_heard(those, await heard(host, word, those))


def _all_heard(those: Sequence[Receiver], known: frozenset[str]) -> bool:
    return all(each.address in known for each in those)


ANOTHER_STEP = Text(
    fr="L’étape «\u00a0{move}\u00a0» est différente pour cette requête.",
    en="The step “{move}” is different for this request.",
)
NO_STEP = Text(fr="Ce type de requête n’a pas cette étape.", en="This request type does not have this step.")
NOT_HERE = Text(
    fr="Le module nécessaire n’est pas en service dans cette ville.",
    en="The module needed is not switched on in this town.",
)
NOBODY = Text(fr="{name} n’a plus de compte ici.", en="{name} no longer has an account here.")
HERE_ALREADY = Text(fr="La requête est déjà dans cette unité.", en="The request is already with this unit.")


class Move(Struct, frozen=True, kw_only=True, tag="move"):
    """A transition with the answers that it requires; `sign` tells it from one of the same code in another type."""

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


class Undo(Struct, frozen=True, kw_only=True, tag="undo"):
    """What another batch did, taken back where nothing was done since."""

    of: UUID


Action = Move | Assign | Prioritise | Undo | OfModule


class BulkStep(Struct, frozen=True, kw_only=True):
    """A step that some of the chosen requests can make, and how many of them."""

    key: str
    transition: Transition
    fields: tuple[AnyField, ...]
    count: int


async def offered(host: Host, viewer: Viewer, records: Iterable[Record]) -> tuple[BulkStep, ...]:
    """The steps that can be made for several at once: those without a file or a list of their own; commonest first."""
    steps: dict[str, tuple[Transition, int]] = {}
    kinds = kinds_installed(host)
    for record in records:
        request_type = await type_of_record(host, record)
        for each in moves_for(host, record, request_type, viewer):
            if page_before(kinds, request_type, each) or any(
                _is_file(field) and field.required for field in each.asks.fields()
            ):
                continue
            key = key_of(each)
            steps[key] = (each, steps[key][1] + 1 if key in steps else 1)
    found = [
        BulkStep(key=key, transition=step, fields=asked(step), count=count) for key, (step, count) in steps.items()
    ]
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


def queue_action(host: Host, jurisdiction: str, action: Action) -> QueueAction | None:
    """What is known of an action: one of our own, or of another module that the town has."""
    if not isinstance(action, OfModule):
        return OWN[type(action)]
    town = host.jurisdictions.get(jurisdiction)
    known: tuple[QueueAction, ...] = host.modules.queue_actions(town) if town else ()
    return next((each for each in known if each.name == action.name), None)


async def judge(host: Host, viewer: Viewer, record: Record, action: Action) -> Text | None:
    """Why this request would not be changed by the action as it stands now; None where it would be.

    What a step needs is asked of the database; everything else is in the record.
    """
    found = queue_action(host, record.jurisdiction, action)
    if found is None:
        return NOT_HERE
    return not_theirs(host, viewer, record, found.right) or await found.judge(host, viewer, record, action)


def not_theirs(host: Host, viewer: Viewer, record: Record, right: str) -> Text | None:
    """Why the viewer may not do to this request what asks for that right."""
    theirs = sees(viewer, record, host.jurisdictions) and may(viewer, right, record, host.jurisdictions)
    return None if theirs else NOT_YOURS


def assignment_judged(host: Host, record: Record, action: Assign, person: Person | None) -> Text | None:
    """Why this request cannot be reassigned; the rules are those of its own page."""
    unit = action.unit or record.unit
    if refused := assignment_refused(host.jurisdictions.jurisdiction(record.jurisdiction), unit):
        return why(refused)
    if _is_there(record, action):
        return HERE_ALREADY
    if action.assignee is None:
        return None
    return taking_refused(host, person, record, unit) if person else NOBODY.format(name=action.name)


async def _judge_assignment(host: Host, viewer: Viewer, record: Record, action: Assign) -> Text | None:
    return assignment_judged(host, record, action, await _taker(host, action))


async def _taker(host: Host, action: Assign) -> Person | None:
    return await get_agent(host.engine, action.assignee) if action.assignee else None


async def _judge_priority(host: Host, viewer: Viewer, record: Record, action: Prioritise) -> Text | None:
    denied = priority_refused(record, action.priority)
    return denied.reason if denied else None


async def _judge_undo(host: Host, viewer: Viewer, record: Record, action: Undo) -> Text | None:
    """Judged when it is done: what it takes back was done a moment ago."""
    return None


async def _judge_move(host: Host, viewer: Viewer, record: Record, action: Move) -> Text | None:
    request_type = await type_of_record(host, record)
    mover = mover_of(viewer, record, host.jurisdictions)
    if mover is None or not is_offered(host, record) or record.erased_at is not None:
        return NOT_YOURS
    if denied := _another(host, request_type, action):
        return denied.reason
    calendar = host.jurisdictions.jurisdiction(record.jurisdiction).calendar
    moved = move(
        request_type.workflow,
        record.state,
        action.transition,
        mover,
        action.given,
        today=local_day(calendar, clock.now()),
    )
    if not isinstance(moved, Moved):
        return why(moved)
    if not moved.transition.waits:
        return None
    standing = await standing_facts(host, record, request_type)
    answers = await answers_now(host, record, request_type, (moved.transition,))
    hindered = request_type.not_yet(moved.transition, standing, answers, moved.given.answers)
    return hindered.reason if hindered else None


def _another(host: Host, request_type: RequestType, action: Move) -> Denied | None:
    wanted = request_type.workflow.transition(action.transition)
    if wanted is None:
        return Denied(code="unknown", reason=NO_STEP)
    if sign_of(wanted) != action.sign or page_before(kinds_installed(host), request_type, wanted):
        return Denied(code="not_possible", reason=ANOTHER_STEP.format(move=wanted.title))
    return None


def _is_there(record: Record, action: Assign) -> bool:
    return (action.unit or record.unit) == record.unit and action.assignee == record.assignee


async def lock_beside(host: Host, jurisdiction: str, action: Action, reference: str) -> None:
    """In a transaction: lock what changes together with a request before the request itself, in the order of all."""
    found = queue_action(host, jurisdiction, action)
    if found is not None:
        await found.lock(host, action, reference)


async def _lock_move(host: Host, action: Move, reference: str) -> None:
    await locked_with_the_whole(host, reference)


async def _lock_undo(host: Host, action: Undo, reference: str) -> None:
    await lock_to_undo(host, reference)


def planning(host: Host, viewer: Viewer, actor: Actor, action: Action) -> Plan[Denied | Problems]:
    """What is done to each of them, judged anew under lock: also whether the person still may."""

    async def plan(here: Situation) -> Change | Denied | Problems:
        found = queue_action(host, here.record.jurisdiction, action)
        if found is None:
            return Denied(code="not_possible", reason=NOT_HERE)
        # What is taken back is judged by what was done.
        if not isinstance(action, Undo) and not may(viewer, found.right, here.record, host.jurisdictions):
            return Denied(code="not_by_you", reason=NOT_YOURS)
        return await found.plan(host, viewer, actor, action, here)

    return plan


async def _plan_move(
    host: Host, viewer: Viewer, actor: Actor, action: Move, here: Situation
) -> Change | Denied | Problems:
    mover = mover_of(viewer, here.record, host.jurisdictions)
    if mover is None:
        return Denied(code="not_by_you", reason=NOT_YOURS)
    if denied := _another(host, here.request_type, action):
        return denied
    quiet = await _is_quiet(host, here, action)
    return await plan_move(host, action.transition, action.given, actor, mover, "", here, quiet=quiet)


async def _plan_assignment(
    host: Host, viewer: Viewer, actor: Actor, action: Assign, here: Situation
) -> Change | Denied | Problems:
    if reason := await _judge_assignment(host, viewer, here.record, action):
        return Denied(code="not_possible", reason=reason)
    return plan_assignment(here, action.unit or here.record.unit, action.assignee, action.name, actor)


async def _plan_priority(
    host: Host, viewer: Viewer, actor: Actor, action: Prioritise, here: Situation
) -> Change | Denied | Problems:
    return plan_priority(host, here, action.priority)


async def _plan_undo(
    host: Host, viewer: Viewer, actor: Actor, action: Undo, here: Situation
) -> Change | Denied | Problems:
    return await plan_undo(host, viewer, actor, here)


OWN: dict[type[Struct], QueueAction] = {
    Move: QueueAction(name="move", right="work", judge=_judge_move, plan=_plan_move, lock=_lock_move),
    Assign: QueueAction(name="assign", right="assign", judge=_judge_assignment, plan=_plan_assignment, undone=True),
    Prioritise: QueueAction(name="priority", right="assign", judge=_judge_priority, plan=_plan_priority, undone=True),
    Undo: QueueAction(name="undo", right="assign", judge=_judge_undo, plan=_plan_undo, lock=_lock_undo),
}
"""What this module does to many; others add to it (`Module.queue_actions`)."""


async def _is_quiet(host: Host, here: Situation, action: Move) -> bool:
    word = await word_that_spares(host, action)
    return word is not None and await is_spared(host, here.town, here.record, word)


async def word_that_spares(host: Host, action: Move) -> UUID | None:
    """The closing word that told people already what this step would tell them; None where nobody is to be spared."""
    incident = await find(host, action.incident) if action.quiet and action.incident else None
    word = await closing_word(host, incident.id) if incident else None
    return word.id if word else None


def why(refused: Denied | Problems) -> Text:
    """A refusal in one sentence."""
    return refused.reason if isinstance(refused, Denied) else refused.found[0].message


def without_words(host: Host, jurisdiction: str, action: Action) -> Action:
    """The action as it may be kept once it is done: without what was typed, unless that tells nothing of anybody."""
    if isinstance(action, OfModule) and (known := queue_action(host, jurisdiction, action)) and known.tells_nothing:
        return action
    return msgspec.structs.replace(action, given={}) if isinstance(action, Move | OfModule) else action


def as_typed(given: Mapping[str, Any], fields: Iterable[AnyField]) -> dict[str, Any]:
    """Of what was typed, the answers to these questions."""
    codes = {field.code for field in fields}
    return {code: value for code, value in given.items() if code in codes}
