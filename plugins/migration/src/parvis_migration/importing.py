"""History brought in: requests of another system, with the dates they had there, taken in by the request service.

Nobody is written to, no promise of today is held against them, and what the past did not ask may lack. A request and
its steps come in together or not at all. Brought in again, the same file of the same source changes nothing.
"""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from msgspec import Struct, structs

from parvis import clock
from parvis.db import transaction
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.layers import known_of
from parvis.requests.actors import ELSEWHERE
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.clocks.clocks import after_move, clocks_of, keep_changed, shown_of
from parvis.requests.contacts import methods_read
from parvis.requests.gathering import RequestGrouping
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.host import Host
from parvis.requests.intake import NOT_OFFERED, take_in, taken_before
from parvis.requests.lifecycle import coming_into
from parvis.requests.offered import type_of
from parvis.requests.records import Record, locked
from parvis.switches import Switchboard
from parvis_sdk.counter import Receipt
from parvis_sdk.forms import as_programs_send
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType, Submission
from parvis_sdk.requesters import read_requester
from parvis_sdk.requests import Channel, Place, Requester
from parvis_sdk.text import Text

NO_STATE = Text(fr="Aucun état ne s’appelle «\u00a0{name}\u00a0».", en="No state is called “{name}”.")
_HALF_IN = Text(
    fr="La requête {reference} n’a été importée qu’en partie, puis traitée ici\u00a0: mettez-la à jour au bureau.",
    en="Request {reference} was only partly imported, then worked on here: update it at the desk.",
)
UNKNOWN: Final = "anonymous"  # how somebody came in whose name nobody wrote down, whatever the type asks today
_BACKWARDS = Text(fr="Les dates ne se suivent pas.", en="The dates do not follow one another.")


class Step(Struct, frozen=True, kw_only=True):
    """A state that the request had come to by a time."""

    at: datetime
    state: str


class ImportedRequest(Struct, frozen=True, kw_only=True):
    """One request of another system: its number there, and what it was. Answers are as a program sends them."""

    key: str
    type: str
    submitted_at: datetime
    language: str = "fr"
    channel: Channel = "counter"
    answers: dict[str, Any] = {}
    place: dict[str, Any] | None = None
    requester: dict[str, Any] | None = None
    steps: tuple[Step, ...] = ()


class WithoutGroupings(Switchboard):
    """The modules of a host, none of which gathers a request of the past into something of today."""

    def __init__(self, board: Switchboard) -> None:
        super().__init__(board.registry)
        self.__dict__ |= board.__dict__

    def heard(self, noun: type[Any], town: Jurisdiction | None = None) -> tuple[Any, ...]:
        return () if noun is RequestGrouping else super().heard(noun, town)


def quiet(host: Host) -> Host:
    """The same host with nobody listening, and nothing of today that the past would join."""
    plugins = structs.replace(host.plugins, subscriptions=(), connectors={})
    return dataclasses.replace(host, plugins=plugins, modules=WithoutGroupings(host.modules))


async def bring_in(host: Host, town: Jurisdiction, source: str, brought: ImportedRequest) -> Receipt | Problems:
    """Take one request of the past in, once for each source and key; or everything that is wrong with it."""
    silent = quiet(host)
    idempotency_key = f"import:{source}:{brought.key}"
    request_type = type_of(silent, town, brought.type)
    if request_type is None:
        return _problem("type", "not_offered", NOT_OFFERED)
    if problems := _step_problems(request_type, brought):
        return problems
    before = await taken_before(silent, town, idempotency_key)
    if isinstance(before, Receipt):
        return await _finish(silent, before, brought) or before
    submission = read_past(host, town, request_type, brought)
    if isinstance(submission, Problems):
        return submission
    past = partial(_write_steps, silent, brought.steps)
    with clock.moved_to(brought.submitted_at):
        return await take_in(
            silent,
            town,
            submission,
            actor=ELSEWHERE,
            idempotency_key=idempotency_key,
            judged=False,
            past=past,
            declares=True,
        )


async def _write_steps(host: Host, steps: Sequence[Step], record: Record) -> None:
    """Inside a transaction: let a request come to each state at its time."""
    for step in steps:
        with clock.moved_to(step.at):
            plan = partial(_plan_step, host, step)
            certainly(await change_within(host, record.reference, plan, actor=ELSEWHERE))


async def _finish(host: Host, receipt: Receipt, brought: ImportedRequest) -> Problems | None:
    """Make the steps that a run which was broken off has left out, as versions before this one could.

    Where people have worked on the request since, it is theirs: what is missing is told and nothing is written.
    """
    async with transaction(host.engine):
        record = await locked(host, receipt.reference)
        if record is None or record.erased_at is not None:
            return None
        entries = await entries_of(record)
        made = sum("imported" in entry.body for entry in entries)
        if made >= len(brought.steps):
            return None
        if any(_is_of_today(entry) for entry in entries):
            return _problem("steps", "half_in", _HALF_IN.format(reference=record.reference))
        await _write_steps(host, brought.steps[made:], record)
    return None


def _is_of_today(entry: Entry) -> bool:
    """Whether somebody has worked on it here; what time itself notes beside the work is none."""
    moved = entry.kind == "moved" and "imported" not in entry.body
    return moved or entry.actor.kind != ELSEWHERE.kind


def read_past(
    host: Host, town: Jurisdiction, request_type: RequestType, brought: ImportedRequest
) -> Submission | Problems:
    """The submission as the type reads it, except that answers may lack and that the person may be unknown."""
    found: list[Problem] = []
    place: Place | Problem | None = request_type.place.read(brought.place) if brought.place else None
    here = known_of(town, None if isinstance(place, Problem) else place)
    sent = as_programs_send(request_type.form.fields(), brought.answers)
    form_answers = request_type.form.read(sent, complete=False, here=here)
    if isinstance(form_answers, Problems):
        found += form_answers.within("answers").found
    if isinstance(place, Problem):
        found.append(place)
    requester: Requester | Problems = Requester(mode="anonymous")
    if brought.requester:
        modes = tuple({**dict.fromkeys(request_type.identity.modes), UNKNOWN: None})
        requester = read_requester(brought.requester, modes, contact=False, methods=methods_read(host, town))
    if isinstance(requester, Problems):
        found += requester.found
    if isinstance(form_answers, Problems) or isinstance(place, Problem) or isinstance(requester, Problems):
        return Problems(found=tuple(found))
    return Submission(
        type=request_type.code,
        language=brought.language,
        channel=brought.channel,
        answers=form_answers.answers,
        attachments=(),
        place=place,
        requester=requester,
    )


def _step_problems(request_type: RequestType, brought: ImportedRequest) -> Problems | None:
    known = {state.code for state in request_type.workflow.states}
    for step in brought.steps:
        if step.state not in known:
            return _problem("steps", "no_state", NO_STATE.format(name=step.state[:60]))
    times = [brought.submitted_at, *(step.at for step in brought.steps)]
    return None if times == sorted(times) else _problem("steps", "backwards", _BACKWARDS)


def _problem(path: str, code: str, message: Text) -> Problems:
    return Problems(found=(Problem(path=path, code=code, message=message),))


async def _plan_step(host: Host, step: Step, here: Situation) -> Change:
    """The request as it then stood. Its parts are left alone: what they did is elsewhere."""
    target = here.request_type.workflow.state(step.state)
    clocks = await clocks_of(here.record.id)
    now_clocks = tuple(after_move(each, target.phase, here.town.calendar, here.at) for each in clocks)
    body = {"transition": "", "source": here.record.state, "target": target.code, "imported": True}
    return Change(
        line=Line(kind="moved", audience="public", body=body),
        columns=coming_into(here, here.request_type, target, shown_of(now_clocks)),
        writes=(partial(keep_changed, host, here.town, clocks, now_clocks),),
    )
