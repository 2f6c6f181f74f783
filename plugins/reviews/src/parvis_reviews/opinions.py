"""Opinions: given, corrected, kept in versions, joined into one outcome under the request's lock."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis.db import insert_values
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.attached.attachments import bind, kept_of, waiting
from parvis.requests.changing import Change, Situation, Write, change, change_within
from parvis.requests.history import Audience, Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import follow_on, happening, happenings
from parvis.requests.records import Record, as_json
from parvis_reviews.boards import board_of, done_with, moved_on
from parvis_reviews.outside_keys import drop_draft
from parvis_reviews.review_tasks import OpinionTask, declared, tasks_of
from parvis_reviews.tables import Opinion as OpinionRow
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment, Phase
from parvis_sdk.review_rules import NO_LONGER, NOT_THERE, NOT_YET, is_only_noted
from parvis_sdk.reviews import Recommendation, Review, Task
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MEANWHILE = Text(
    fr="Une autre personne a donné ou corrigé cet avis entre-temps. Lisez-le, puis corrigez-le au besoin.",
    en="Somebody gave or corrected this opinion in the meantime. Read it, then correct it if needed.",
)
Check = Callable[[Situation, OpinionTask], Awaitable[Denied | None]]


class Opinion(Struct, frozen=True, kw_only=True):
    """One version of an opinion. `given` are the answers to the task's form, empty once erased."""

    id: UUID
    task: UUID
    number: int
    recommendation: Recommendation
    given: dict[str, Any]
    by: Actor
    late: bool
    at: datetime

    @property
    def words(self) -> str:
        return str(self.given.get("words", ""))

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions proposed, one by one."""
        lines = str(self.given.get("conditions", "")).splitlines()
        return tuple(line.strip(" \t-•") for line in lines if line.strip(" \t-•"))

    @property
    def files(self) -> tuple[str, ...]:
        """The ids of every file that came with it."""
        lists = [value for value in self.given.values() if isinstance(value, list)]
        return tuple(id for value in lists for id in value if isinstance(id, str))


async def opinions_of(request: UUID) -> tuple[Opinion, ...]:
    """Every version of every opinion on a request, oldest first; ask `opinion_readers` before showing any."""
    rows = await OpinionRow.select().where(OpinionRow.request == request).order_by(OpinionRow.id)
    return tuple(_opinion(row) for row in rows)


def last_of(opinions: tuple[Opinion, ...], task: UUID) -> Opinion | None:
    """The version of an opinion that stands."""
    return next((each for each in reversed(opinions) if each.task == task), None)


class OpinionSubmission(Struct, frozen=True, kw_only=True):
    """An opinion as somebody hands it in.

    `seen` is how many versions there were when its form was shown, `holder` owns the files that came with it; `check`
    is asked under lock whether this actor still may.
    """

    task: UUID
    raw: Mapping[str, Any]
    actor: Actor
    seen: int | None = None
    holder: str = ""
    check: Check | None = None


async def give_opinion(host: Host, reference: str, handed: OpinionSubmission) -> Record | Denied | Problems:
    """Give the opinion on a task, or correct it: the former version stays. What stands already is not given again."""
    answer = await change(host, reference, partial(_plan, host, handed), actor=handed.actor)
    if isinstance(answer, Record | Denied | Problems):
        return answer
    raise TypeError("an opinion expects no version of its request")


async def _plan(host: Host, handed: OpinionSubmission, here: Situation) -> Change | Record | Denied | Problems:
    found = await _asked(here, handed.task)
    if isinstance(found, Denied):
        return found
    review, wanted, asked = found
    if handed.check is not None and (refused := await handed.check(here, asked)):
        return refused
    before = last_of(await opinions_of(here.record.id), asked.id)
    files = await files_for(here.record, before, handed.holder)
    read = wanted.form().read(handed.raw, today=local_day(here.town.calendar, here.at), attachments=files)
    if isinstance(read, Problems):
        return read
    if before is not None and before.given == read.answers:
        return here.record  # sent twice
    if handed.seen is not None and handed.seen != asked.opinions:
        return Denied(code="not_possible", reason=MEANWHILE)
    known = before.files if before else ()
    new = tuple(id for id in read.attachments if id not in known)
    if is_only_noted(wanted, asked.state):
        return await _noted(host, here, review, asked, read.answers, handed, new)
    return await _change(host, here, review, asked, read.answers, handed, new)


async def _asked(here: Situation, id: UUID) -> tuple[Review, Task, OpinionTask] | Denied:
    asked = next((each for each in await tasks_of(here.record.id) if each.id == id), None)
    found = declared(here.request_type, asked) if asked else None
    if asked is None or found is None:
        return Denied(code="unknown", reason=NOT_THERE)
    if asked.state == "waiting":
        return Denied(code="not_yet", reason=NOT_YET)
    if asked.state == "cancelled" or here.record.phase is Phase.CLOSED:
        return Denied(code="not_possible", reason=NO_LONGER)
    return *found, asked


async def files_for(record: Record, before: Opinion | None, holder: str) -> dict[str, Attachment]:
    """The files that an opinion may name: those that wait for it, and those of its former version."""
    files = await waiting(holder) if holder else {}
    known = set(before.files) if before else set()
    if known:
        kept = [each.attachment for each in await kept_of(record)]
        files |= {each.id: each for each in kept if each.id in known}
    return files


async def _change(
    host: Host,
    here: Situation,
    review: Review,
    asked: OpinionTask,
    given: dict[str, Any],
    handed: OpinionSubmission,
    new: tuple[str, ...],
) -> Change:
    board = await board_of(here.record.id, review, asked.round)
    row = opinion_row(here, asked, given, handed.actor, late=not board.is_open)
    done = structs.replace(
        asked,
        state="given",
        given_at=asked.given_at or here.at,
        recommendation=given["recommendation"],
        late=asked.late or (not board.is_open and asked.state != "given"),
        opinions=asked.opinions + 1,
        remind_at=None,
    )
    tasks = (done if each.id == done.id else each for each in board.tasks)
    _, moving = moved_on(board, tasks, here, host)
    files = _bindings(here, handed, new)
    fact = review.fact(f"given_{asked.task}")
    body = {"review": review.code, "task": asked.task, "number": done.opinions, "late": row["late"]}
    return Change(
        line=Line(kind="opinion", audience="internal", body=body | {"digest": row["digest"]}),
        events=happenings(here, {fact: {}}, handed.actor, tell=False),
        writes=(partial(insert_values, OpinionRow, row), *files, *moving, partial(drop_draft, asked.id)),
        then=partial(followed, host, review.code, fact),
    )


async def _noted(
    host: Host,
    here: Situation,
    review: Review,
    asked: OpinionTask,
    given: dict[str, Any],
    handed: OpinionSubmission,
    new: tuple[str, ...],
) -> Change:
    """Kept beside the rule that has answered in its place: nothing follows of it."""
    board = await board_of(here.record.id, review, asked.round)
    row = opinion_row(here, asked, given, handed.actor, late=True)
    done = structs.replace(asked, given_at=asked.given_at or here.at, late=True, opinions=asked.opinions + 1)
    _, moving = moved_on(board, (done if each.id == done.id else each for each in board.tasks), here, host)
    body = {"review": review.code, "task": asked.task, "number": done.opinions, "late": True, "noted": True}
    return Change(
        line=Line(kind="opinion", audience="internal", body=body | {"digest": row["digest"]}),
        writes=(
            partial(insert_values, OpinionRow, row),
            *_bindings(here, handed, new),
            *moving,
            partial(drop_draft, asked.id),
        ),
    )


def _bindings(here: Situation, handed: OpinionSubmission, files: tuple[str, ...]) -> tuple[Write, ...]:
    """The files go to the request for an audience that no door of the request's own files lets in."""
    audience: Audience = "opinion"
    return (partial(bind, here.record.id, handed.holder, dict.fromkeys(files, audience)),) if files else ()


def opinion_row(
    here: Situation, asked: OpinionTask, given: dict[str, Any], actor: Actor, *, late: bool
) -> dict[str, Any]:
    """One version as it is kept; the history holds its digest, salted, so that it can be proved and not guessed."""
    words, salt = as_json(given), secrets.token_hex(16)
    return {
        "id": new_id(),
        "request": here.record.id,
        "task": asked.id,
        "number": asked.opinions + 1,
        "recommendation": given["recommendation"],
        "given": words,
        "salt": salt,
        "digest": hashlib.sha256(f"{salt}{words}".encode()).hexdigest(),
        "actor_kind": actor.kind,
        "actor_id": actor.id[:60],
        "actor_name": actor.name[:120],
        "late": late,
        "at": here.at,
    }


async def followed(host: Host, code: str, fact: str, record: Record) -> Record:
    """Inside the transaction: what follows of one opinion itself, then of all opinions together."""
    record = await follow_on(host, (fact,), record)
    return await join_review(host, code, record)


async def join_review(host: Host, code: str, record: Record) -> Record:
    """Inside a transaction: once the opinions of a review come to something, that is true and the workflow follows."""

    async def plan(here: Situation) -> Change | None:
        review = here.request_type.part(Review, code)
        board = await board_of(here.record.id, review) if review else None
        if board is None or not board.is_open:
            return None
        facts, writes = done_with(board, here, host)
        return happening(host, here, facts, actor=SYSTEM, writes=writes, audience="deciding") if facts else None

    became = await change_within(host, record.reference, plan, actor=SYSTEM)
    return became if isinstance(became, Record) else record


async def carry(before: UUID, now: UUID) -> None:
    """Inside a transaction: the opinion that stood in one round stands in the next, word for word."""
    rows = await OpinionRow.select().where(OpinionRow.task == before).order_by(OpinionRow.number, ascending=False)
    for row in rows[:1]:
        await insert_values(OpinionRow, row | {"id": new_id(), "task": now, "number": 1})


def _opinion(row: dict[str, Any]) -> Opinion:
    return Opinion(
        id=row["id"],
        task=row["task"],
        number=row["number"],
        recommendation=Recommendation(row["recommendation"]),
        given=msgspec.json.decode(row["given"]) if row["given"] else {},
        by=Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"]),
        late=row["late"],
        at=row["at"],
    )
