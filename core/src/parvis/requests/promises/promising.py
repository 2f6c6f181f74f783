"""The date promised to a resident: moved by the town with a reason, and the receipt that says it, sent again."""

from datetime import datetime
from functools import partial

from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Change, Conflict, Situation, announce, change
from parvis.requests.clocks.clocks import Clock, clocks_of, keep_changed, shown_of
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.lifecycle import told_of
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.events import ReceiptWanted, Rescheduled
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.text import Text

MOST_WORDS = 2000
REASON = Text(fr="Raison", en="Reason")
NOTHING_PROMISED = Text(
    fr="Aucune date n’est promise en ce moment pour cette requête.",
    en="No date is promised for this request at the moment.",
)
NOT_PAST = Text(fr="Choisissez une date à venir.", en="Choose a date to come.")
SAME = Text(fr="C’est déjà la date promise.", en="This is already the promised date.")


async def reschedule(
    heart: Heart, reference: str, due_at: datetime, reason: str, *, actor: Actor, expected: int | None = None
) -> Record | Problems | Conflict:
    """Promise another date, and tell the requester why. A promise that is broken stays so in the figures."""

    async def plan(here: Situation) -> Change | Problems:
        clocks = await clocks_of(here.record.id)
        shown = shown_of(clocks)
        why = clean(reason).strip()[:MOST_WORDS]
        if wrong := _wrong(here, shown, due_at, why):
            return Problems(found=wrong)
        moved = tuple(rescheduled(each, due_at, here.at) if each is shown else each for each in clocks)
        promise = shown_of(moved)
        body = told_of(here.record, promise)
        return Change(
            line=Line(kind="promised", audience="requester", body=body, personal={"words": why}),
            columns={"promised_at": due_at, "promise": promise.state if promise else "none"},
            events=(Rescheduled(**here.about(actor), entry=here.record.entries + 1),),
            writes=(partial(keep_changed, heart, here.town, clocks, moved),),
        )

    return await change(heart, reference, plan, actor=actor, expected=expected)


def rescheduled(clock: Clock, due_at: datetime, now: datetime) -> Clock:
    """The promise at its new date; broken already when the old one has passed, also if nobody has marked it yet."""
    late = clock.state == "running" and now > clock.due_at
    return structs.replace(clock, due_at=due_at, state="missed" if late else clock.state)


def _wrong(here: Situation, shown: Clock | None, due_at: datetime, why: str) -> tuple[Problem, ...]:
    if shown is None or shown.state not in ("running", "missed") or shown.ended_at is not None:
        return (Problem(path="day", code="nothing_promised", message=NOTHING_PROMISED),)
    found: list[Problem] = []
    if due_at <= here.at:
        found.append(Problem(path="day", code="past", message=NOT_PAST))
    elif due_at == shown.due_at:
        found.append(Problem(path="day", code="same", message=SAME))
    if not why:
        found.append(problem("required", "reason", label=REASON))
    return tuple(found)


async def send_receipt(heart: Heart, record: Record, channel: str) -> None:
    """Have the receipt sent to the requester by that channel."""
    town = heart.territory.jurisdiction(record.jurisdiction)
    wanted = ReceiptWanted(
        id=str(new_id()), reference=record.reference, at=clock.now(), actor=REQUESTER.kind, channel=channel
    )
    async with transaction(heart.engine):
        await announce(heart, record, town, (wanted,))
