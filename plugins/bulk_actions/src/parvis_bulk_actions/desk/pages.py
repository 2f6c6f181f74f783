"""Many requests at once: those ticked in the queue, what can be done to them, how it would go, and how it went."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.identifiers import new_id
from parvis.people.agents import as_id
from parvis.requests.announcements import closing_word
from parvis.requests.lists.search import whole_list
from parvis.requests.queue_actions import OfModule, QueueAction
from parvis.requests.records import Record, find
from parvis.requests.undoing import WITHIN
from parvis.requests.visibility import sees
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, case_path, go, title_of, unit_name
from parvis.web.desk.lists.action_forms import ActionForm
from parvis.web.desk.lists.filters import asked_in, filters_in
from parvis.web.desk.one_request.forms import wrong
from parvis.web.pages import AnyRequest
from parvis.web.panels import Panel
from parvis.web.typed import FormInput, flat_names, typed
from parvis.web.value_names import way_said
from parvis_bulk_actions.actions import (
    NOT_HERE,
    OWN,
    Action,
    BulkStep,
    Move,
    RecipientCount,
    as_typed,
    offered,
    queue_action,
    sign_of,
    word_that_spares,
    written_to,
)
from parvis_bulk_actions.batches import MOST, Batch, BatchTarget, batch_of, begin, begin_undo, chosen_of, go_on
from parvis_bulk_actions.desk.shown_forms import foreseen, forms_of, shown_forms
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

MANY = f"{QUEUE}/plusieurs"
OWN_NAMES = frozenset(each.name for each in OWN.values())
SHOWN = 100  # lines of those chosen
AT_ONCE = timedelta(seconds=5)  # what somebody waits for; the rest is done by the workers


class Trial(Struct, frozen=True, kw_only=True):
    """How an action would go: those that it would change, and those that it would not, by the reason."""

    action: Action
    able: tuple[Record, ...]
    others: tuple[tuple[str, tuple[Record, ...]], ...]
    panel: Panel | None = None


@get(MANY)
async def show_many(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Those ticked, or the whole list that was open, and what can be done to them."""
    demand(room)
    references = request.query_params.getall("r", [])
    if request.query_params.get("tous"):
        asked = asked_in(room, request.query_params.multi_items())
        filters = filters_in(room, asked)
        listed = await whole_list(room.host, room.viewer, room.town.code, filters, sort=asked.sort, most=MOST + 1)
        references = [row.reference for row in listed]
    incident = request.query_params.get("incident", "")
    records = await _seen(room, references)
    return await _choose(room, records, is_cut=len(references) > MOST, incident=incident)


@post(MANY, status_code=200)
async def do_many(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Show first how an action would go; pressed again on that page, keep it and do it."""
    demand(room)
    sent = await typed(request)
    if (batch := as_id(sent.text("batch"))) and await batch_of(batch):
        return go(f"{MANY}/{batch}")  # the same press again
    chosen = chosen_in(sent)
    records = await _seen(room, [one.reference for one in chosen])
    steps = await offered(room.host, room.viewer, records)
    action = await _action(room, sent, steps)
    if isinstance(action, Problems) or action is None or not records:
        wrongs = action if isinstance(action, Problems) else None
        return await _choose(room, records, steps=steps, sent=sent, problems=wrongs, incident=sent.text("incident"))
    room.demand(_known(room, action).right)
    if batch and sent.text("_sure"):
        seen = {each.reference for each in records}
        ours = [one for one in chosen if one.reference in seen]
        await begin(room.host, batch, room.town.code, action, ours, actor=room.actor)
        await go_on(room.host, batch, room.viewer, until=clock.now() + AT_ONCE)
        return go(f"{MANY}/{batch}")
    trial = await _try(room, records, action)
    if problems := _of_all(trial, action, sent, steps):
        return await _choose(room, records, steps=steps, sent=sent, problems=problems, incident=sent.text("incident"))
    versions = {one.reference: one.version for one in chosen}
    return room.show(
        "bulk_actions/sure.html",
        trial=trial,
        way_said=partial(way_said, room.host, room.town),
        written=await _written(room, trial, steps, sent),
        what=said_of(room, action),
        chosen=packed([(one.reference, versions[one.reference]) for one in trial.able]),
        pairs=[("_do", sent.text("_do")), *_kept(room, sent)],
        batch=new_id(),
        shown=SHOWN,
        title_of=lambda code: title_of(room, code),
        case_path=case_path,
    )


@get(f"{MANY}/{{id:uuid}}")
async def show_batch(room: AtDesk, id: FromPath[UUID]) -> Response[Any]:
    """What became of each."""
    demand(room)
    batch = await _own(room, id)
    records = {each.id: each for each in await _seen(room, [item.reference for item in batch.items])}
    return room.show(
        "bulk_actions/done.html",
        batch=batch,
        what=said_of(room, batch.action),
        form=_form_of(room, batch.action),
        can_undo=can_undo(room, batch),
        records=records,
        title_of=lambda code: title_of(room, code),
        case_path=case_path,
    )


@post(f"{MANY}/{{id:uuid}}/annuler")
async def undo_many(room: AtDesk, id: FromPath[UUID]) -> Response[Any]:
    """Take back what a batch did, where nothing was done since."""
    demand(room)
    batch = await _own(room, id)
    room.demand(_known(room, batch.action).right)
    if not can_undo(room, batch):
        return go(f"{MANY}/{id}")
    undoing = await begin_undo(room.host, batch, actor=room.actor)
    await go_on(room.host, undoing, room.viewer, until=clock.now() + AT_ONCE)
    return go(f"{MANY}/{undoing}")


def can_undo(room: DeskContext, batch: Batch) -> bool:
    """Whether what it did may still be taken back."""
    known = queue_action(room.host, batch.jurisdiction, batch.action)
    fits = known is not None and known.undone and bool(batch.of("done"))
    return fits and clock.now() - batch.made_at <= WITHIN


def demand(room: DeskContext) -> None:
    """Only who may do something to some request comes in."""
    room.demand("work" if "work" in room.rights else "assign")


def _known(room: DeskContext, action: Action) -> QueueAction:
    found = queue_action(room.host, room.town.code, action)
    if found is None:
        raise NotFoundException("The module that would do this is not on here.")
    return found


def _actions(room: DeskContext) -> list[QueueAction]:
    """What can be done to several requests besides their steps, as far as the person may anywhere in the town."""
    own = (each for each in OWN.values() if each.name in forms_of(room))
    return [each for each in (*room.host.modules.queue_actions(room.town), *own) if each.right in room.rights]


def _why_not(room: DeskContext, key: str) -> str:
    """Why a button that was on the page does nothing now."""
    installed = {one.name for each in room.host.modules.registry.modules for one in each.queue_actions}
    if key in installed - {one.name for one in room.host.modules.queue_actions(room.town)}:
        return i18n.say(NOT_HERE)
    return gettext("This step is not available for any of these requests.")


def _form_of(room: DeskContext, action: Action) -> ActionForm | None:
    known = queue_action(room.host, room.town.code, action)
    return forms_of(room).get(known.name) if known else None


async def _own(room: DeskContext, id: UUID) -> Batch:
    batch = await batch_of(id)
    if batch is None or batch.agent != room.person.id or batch.jurisdiction != room.town.code:
        raise NotFoundException("There is no such batch.")
    return batch


async def _seen(room: DeskContext, references: list[str]) -> tuple[Record, ...]:
    found = await chosen_of(room.host, room.town.code, references)
    return tuple(each for each in found if sees(room.viewer, each, room.host.jurisdictions))


async def _choose(
    room: DeskContext,
    records: tuple[Record, ...],
    *,
    steps: tuple[BulkStep, ...] | None = None,
    sent: FormInput | None = None,
    problems: Problems | None = None,
    is_cut: bool = False,
    incident: str = "",
) -> Response[Any]:
    steps = await offered(room.host, room.viewer, records) if steps is None else steps
    actions = _actions(room)
    return room.show(
        "bulk_actions/choose.html",
        status=422 if problems else 200,
        records=records,
        chosen=packed([(each.reference, each.version) for each in records]),
        steps=steps if "work" in room.rights else (),
        actions=actions,
        forms=await shown_forms(room, records, [each.name for each in actions]),
        tried=sent.text("_do") if sent else "",
        values=sent.values if sent else {},
        incident=incident,
        told=await _told_of_incident(room, records, incident) if incident and "work" in room.rights else None,
        problems=problems,
        most=MOST,
        is_cut=is_cut,
        shown=SHOWN,
        title_of=lambda code: title_of(room, code),
        unit_name=lambda code: unit_name(room.town, code),
        case_path=case_path,
    )


async def _action(room: DeskContext, sent: FormInput, steps: tuple[BulkStep, ...]) -> Action | Problems | None:
    """What was asked for; nothing where no button of ours was pressed."""
    key = sent.text("_do")
    form, known = forms_of(room).get(key), next((each for each in _actions(room) if each.name == key), None)
    if form is not None and (known is not None or key in OWN_NAMES):  # who may not is refused once it is known what
        return cast("Action | Problems", await form.read(room, sent))
    if known is not None:
        return _answered(sent, known)
    step = next((each for each in steps if each.key == key), None)
    if step is None:
        return wrong("steps", _why_not(room, key)) if key else None
    given_here = sent.values.get(key)
    return Move(
        transition=step.transition.code,
        sign=sign_of(step.transition),
        title=step.transition.title,
        given=as_typed(given_here if isinstance(given_here, dict) else {}, step.fields),
        quiet=sent.text("quiet") == "yes",
        incident=sent.text("incident"),
    )


def _answered(sent: FormInput, wanted: QueueAction) -> OfModule | Problems:
    """An action of a module with the answers to what it asks, or everything that is wrong with them."""
    given = sent.values.get(wanted.name)
    answers = as_typed(given if isinstance(given, dict) else {}, wanted.asks.fields())
    read = wanted.asks.read(answers, today=i18n.local_day(clock.now()))
    if isinstance(read, Problems):
        return read.within(wanted.name)
    return OfModule(name=wanted.name, title=wanted.title, given=read.answers)


async def _try(room: DeskContext, records: tuple[Record, ...], action: Action) -> Trial:
    found = await foreseen(room, _form_of(room, action), records, action)
    return msgspec.structs.replace(_trial(action, found.judged), panel=found.panel)


async def _written(
    room: DeskContext, trial: Trial, steps: tuple[BulkStep, ...], sent: FormInput
) -> RecipientCount | None:
    """How many people would be written to about a step, and how many not; None for what is no step."""
    if not isinstance(trial.action, Move):
        return None
    step = next(each for each in steps if each.key == sent.text("_do"))
    if not step.transition.tell:
        return RecipientCount(ways={})
    word = await word_that_spares(room.host, trial.action)
    return await written_to(room.host, room.town, trial.able, word)


async def _told_of_incident(
    room: DeskContext, records: tuple[Record, ...], reference: str
) -> tuple[RecipientCount, RecipientCount | None]:
    """How many people a step would be told, and how many if those are spared whom a closing word has reached."""
    found = await find(room.host, reference)
    word = await closing_word(room.host, found.id) if found and found.jurisdiction == room.town.code else None
    everybody = await written_to(room.host, room.town, records)
    return everybody, await written_to(room.host, room.town, records, word.id) if word else None


def _trial(action: Action, judged: Sequence[tuple[Record, Text | None]]) -> Trial:
    others: dict[str, list[Record]] = {}
    for record, reason in judged:
        if reason is not None:
            others.setdefault(i18n.say(reason), []).append(record)
    able = tuple(record for record, reason in judged if reason is None)
    return Trial(action=action, able=able, others=tuple((why, tuple(those)) for why, those in others.items()))


def _of_all(trial: Trial, action: Action, sent: FormInput, steps: tuple[BulkStep, ...]) -> Problems | None:
    """What is wrong with the answers themselves, and therefore with all of them."""
    if not isinstance(action, Move):
        return None
    step = next(each for each in steps if each.key == sent.text("_do"))
    read = step.transition.asks.read(action.given, today=i18n.local_day(clock.now()))
    return read.within(step.key) if isinstance(read, Problems) else None


def said_of(room: DeskContext, action: Action) -> str:
    """The action in a few words."""
    if isinstance(action, Move | OfModule):
        return i18n.say(action.title)
    form = _form_of(room, action)
    if form is not None and form.said is not None:
        return form.said(room, action)
    return gettext("Undo a bulk action")


def _kept(room: DeskContext, sent: FormInput) -> list[tuple[str, str]]:
    """What was typed, for the next press."""
    key = sent.text("_do")
    form = forms_of(room).get(key)
    names = form.fields if form is not None else (key, "quiet", "incident")
    return [pair for name in names if name in sent.values for pair in flat_names(sent.values[name], name)]


def packed(pairs: list[tuple[str, int]]) -> str:
    """Requests with their versions in one box, however many they are."""
    return " ".join(f"{reference}.{version}" for reference, version in pairs)


def chosen_in(sent: FormInput) -> list[BatchTarget]:
    """The requests of such a box; what is none is left out."""
    found = []
    for part in sent.text("chosen").split()[:MOST]:
        reference, _, version = part.partition(".")
        if version.isascii() and version.isdecimal() and len(version) < 10:
            found.append(BatchTarget(reference=reference, version=int(version)))
    return found
