"""Words about a request: internal notes and whom they name, messages both ways, new occurrences; each is one entry."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import in_transaction_of_its_own, insert_values, transaction
from parvis.db.tables import Mention as MentionRow
from parvis.db.tables import ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attached.attachments import audiences_of, bind, waiting
from parvis.requests.changing import Change, Conflict, Situation, Write, certainly, change, change_within
from parvis.requests.history import Audience, Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record, record_of
from parvis.requests.relations.merged import pass_on
from parvis.requests.visibility import Viewer, sees
from parvis_sdk.cleaning import clean
from parvis_sdk.events import Noted, Received, Replied
from parvis_sdk.problems import Problems
from parvis_sdk.text_normalisation import fold

MOST = 200  # of the newest, on one page
AT = "@"
TWICE = timedelta(minutes=10)  # in which the same words of the same person are one press too many


class Mention(Struct, frozen=True, kw_only=True):
    """One note that names somebody, with its request."""

    record: Record
    by: str
    at: datetime


def named_in(words: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of those whose whole name follows an `@`, whatever its accents and capitals.

    >>> named_in("Vois avec @éric roy, merci", {"1": "Éric Roy", "2": "Éric Royal"})
    ('1',)
    """
    said = fold(words)
    found = []
    for id, name in people.items():
        sought = AT + fold(name)
        begins = said.find(sought) if len(sought) > 1 else -1
        while begins >= 0 and said[begins + len(sought) : begins + len(sought) + 1].isalnum():
            begins = said.find(sought, begins + 1)
        if begins >= 0:
            found.append(id)
    return tuple(found)


async def keep_mentions(record: Record, people: Iterable[str], by: str, at: datetime) -> None:
    """Inside a transaction: that the entry about to be the request's next one names these people."""
    for each in people:
        row = {"request": record.id, "reference": record.reference, "agent": UUID(each), "by": by[:120]}
        await insert_values(MentionRow, {"id": new_id(), **row, "entry": record.entries + 1, "at": at})


async def mentions_of(host: Host, viewer: Viewer, jurisdiction: str) -> tuple[Mention, ...]:
    """What waits for this person, the newest first, of requests that they may still see: in two statements."""
    rows = (
        await MentionRow.select()
        .where(MentionRow.agent == UUID(viewer.id))
        .order_by(MentionRow.at, ascending=False)
        .limit(MOST)
    )
    if not rows:
        return ()
    found = await ServiceRequest.select().where(ServiceRequest.id.is_in([row["request"] for row in rows]))
    records = {row["id"]: record_of(row) for row in found}
    return tuple(
        Mention(record=record, by=row["by"], at=row["at"])
        for row in rows
        if (record := records.get(row["request"])) is not None
        and record.jurisdiction == jurisdiction
        and sees(viewer, record, host.jurisdictions)
    )


async def seen(host: Host, viewer: Viewer, record: Record) -> None:
    """The person has seen what names them about this request."""
    async with transaction(host.engine):
        await MentionRow.delete().where((MentionRow.agent == UUID(viewer.id)) & (MentionRow.request == record.id))


ERASURE = ErasureRule(personal=(Personal(table="mention"),))
"""Nobody is led any more to a request whose notes are destroyed."""


ANSWER = "answer"
MOST_WORDS = 20_000


async def note(
    host: Host, reference: str, words: str, *, actor: Actor, mentions: Sequence[str] = (), expected: int | None = None
) -> Record | Conflict:
    """Write an internal note that only the town's people see; the colleagues of `mentions` find it among theirs."""
    said = _said(words)

    async def plan(here: Situation) -> Change:
        line = Line(kind="note", audience="internal", personal={"words": said})
        naming = (partial(keep_mentions, here.record, mentions, actor.name, here.at),) if mentions else ()
        return Change(line=line, events=(Noted(**here.about(actor)),), writes=naming)

    return await change(host, reference, plan, actor=actor, expected=expected)


async def reply(
    host: Host,
    reference: str,
    words: str,
    *,
    actor: Actor,
    files: Iterable[str] = (),
    holder: str = "",
    expected: int | None = None,
) -> Record | Conflict:
    """Write to the requester; they are told by their channel and read it on the tracking page."""
    wanted, said = tuple(files), _said(words)

    async def plan(here: Situation) -> Change:
        line = Line(kind="reply", audience="requester", body=_naming(wanted), personal={"words": said})
        event = Replied(**here.about(actor), entry=here.record.entries + 1)
        return Change(line=line, events=(event,), writes=_bindings(here, holder, _for_both(wanted)))

    return await change(host, reference, plan, actor=actor, expected=expected)


def already_sent(conflict: Conflict, words: str, actor: Actor) -> bool:
    """Whether what changed meanwhile is this very reply: a form that the same person sent twice."""
    said, since = _said(words), clock.now() - TWICE
    news = [entry for entry in conflict.entries if entry.kind == "reply" and entry.actor.id == actor.id]
    return any(entry.at > since and (entry.personal or {}).get("words") == said for entry in news)


async def receive(
    host: Host,
    reference: str,
    words: str,
    *,
    actor: Actor = REQUESTER,
    files: Iterable[str] = (),
    holder: str = "",
    moves: bool = True,
) -> Record:
    """Take in what the requester writes or adds.

    Where the workflow has a step `answer` for the requester from here, this is it: the request goes back to work,
    whether the town still waited or had already given up waiting. Unless the writer's message `moves` nothing.
    """
    said, wanted = {"words": _said(words)}, tuple(files)
    received = partial(receive_within, host, reference, said, actor=actor, files=wanted, holder=holder, moves=moves)
    return await in_transaction_of_its_own(host.engine, received)


async def note_within(
    host: Host, reference: str, said: Mapping[str, Any], *, actor: Actor, files: Iterable[str] = (), holder: str = ""
) -> Record:
    """Inside a transaction that is already open: words and files that only the town's people see."""
    wanted = tuple(files)

    async def plan(here: Situation) -> Change:
        line = Line(kind="note", audience="internal", body=_naming(wanted), personal=dict(said))
        inside: dict[str, Audience] = dict.fromkeys(wanted, "internal")
        return Change(line=line, events=(Noted(**here.about(actor)),), writes=_bindings(here, holder, inside))

    return certainly(await change_within(host, reference, plan, actor=actor))


async def receive_within(
    host: Host,
    reference: str,
    said: Mapping[str, Any],
    *,
    actor: Actor = REQUESTER,
    files: Iterable[str] = (),
    holder: str = "",
    moves: bool = True,
) -> Record:
    """The same inside a transaction that is already open; `said` is what the entry keeps until erasure."""
    wanted = tuple(files)

    async def plan(here: Situation) -> Change:
        line = Line(kind="received", audience="requester", body=_naming(wanted), personal=dict(said))
        event = Received(**here.about(actor), entry=here.record.entries + 1)
        moved = await _answered(host, here, actor) if moves else None
        columns = moved.columns if moved else {}
        return Change(
            line=_with_move(line, moved),
            columns=columns,
            events=(event, *(moved.events if moved else ())),
            writes=(*_bindings(here, holder, _for_both(wanted)), *(moved.writes if moved else ())),
            then=partial(pass_on, host),
        )

    return certainly(await change_within(host, reference, plan, actor=actor))


async def _answered(host: Host, here: Situation, actor: Actor) -> Change | None:
    if not any(each.code == ANSWER for each in here.request_type.workflow.moves(here.record.state, "requester")):
        return None
    moved = await plan_move(host, ANSWER, {}, actor, "requester", "", here)
    return moved if isinstance(moved, Change) else None  # an answer that must be given in the form of that step


def _with_move(line: Line, moved: Change | None) -> Line:
    if moved is None:
        return line
    return Line(kind=line.kind, audience=line.audience, body={**line.body, **moved.line.body}, personal=line.personal)


async def occurrence(
    host: Host, reference: str, raw: Mapping[str, Any], *, actor: Actor = REQUESTER, holder: str = ""
) -> Record | Problems:
    """Note that what was reported happened again, with the answers of the type's `occurrence` form."""
    files = await waiting(holder) if holder else {}

    async def plan(here: Situation) -> Change | Problems:
        form = here.request_type.occurrence
        if form is None:
            raise LookupError(f"{here.request_type.code} keeps no log of occurrences")
        given = form.read(raw, today=local_day(here.town.calendar, here.at), attachments=files)
        if isinstance(given, Problems):
            return given
        line = Line(
            kind="occurrence",
            audience="requester",
            body=_naming(given.attachments),
            personal={"given": given.answers},
        )
        event = Received(**here.about(actor), entry=here.record.entries + 1)
        audiences = audiences_of(form.fields(), given.answers, by_requester=True)
        return Change(
            line=line, events=(event,), writes=_bindings(here, holder, audiences), then=partial(pass_on, host)
        )

    changed = await change(host, reference, plan, actor=actor)
    return changed if isinstance(changed, Problems) else certainly(changed)


def _naming(files: tuple[str, ...]) -> dict[str, Any]:
    return {"files": list(files)} if files else {}


def _for_both(files: tuple[str, ...]) -> dict[str, Audience]:
    return dict.fromkeys(files, "requester")


def _bindings(here: Situation, holder: str, audiences: Mapping[str, Audience]) -> tuple[Write, ...]:
    return (partial(bind, here.record.id, holder, audiences),) if audiences else ()


def _said(words: str) -> str:
    """The words as they are kept. Doors limit them more tightly, and tell people so."""
    said = clean(words).strip()
    if len(said) > MOST_WORDS:
        raise ValueError(f"{len(said)} characters are too many for one message")
    return said
