"""The date promised to a resident: moved with a reason, stopped with one, and the receipt that says it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Literal, get_args

from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import BusinessCalendar
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Change, Conflict, Plan, Situation, announce, change
from parvis.requests.clocks.clocks import Clock, clocks_of, keep_changed, noted, resting, running_again, shown_of
from parvis.requests.declarations import is_offered
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry, Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import told_of
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.events import ReceiptWanted, Rescheduled
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST_WORDS = 2000
REASON = Text(fr="Raison", en="Reason")
NOTHING_PROMISED = Text(
    fr="Aucune date n’est promise en ce moment pour cette requête.",
    en="No date is promised for this request at the moment.",
)
NOT_PAST = Text(fr="Choisissez une date à venir.", en="Choose a future date.")
SAME = Text(fr="C’est déjà la date promise.", en="This date is already the promised date.")


async def reschedule(
    host: Host, reference: str, due_at: datetime, reason: str, *, actor: Actor, expected: int | None = None
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
            writes=(partial(keep_changed, host, here.town, clocks, moved),),
        )

    return await change(host, reference, plan, actor=actor, expected=expected)


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


async def send_receipt(host: Host, record: Record, channel: str) -> None:
    """Have the receipt sent to the requester by that channel."""
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    wanted = ReceiptWanted(
        id=str(new_id()), reference=record.reference, at=clock.now(), actor=REQUESTER.kind, channel=channel
    )
    async with transaction(host.engine):
        await announce(host, record, town, (wanted,))


Why = Literal["requester", "elsewhere", "weather"]
WHYS: tuple[Why, ...] = get_args(Why)
PLUGIN = "plugin"
"""Why response times are paused while the plugin of their type is missing; nobody chooses it."""
REASONS: Mapping[str, Text] = {
    "requester": Text(fr="nous attendons quelque chose de votre part", en="we are waiting for something from you"),
    "elsewhere": Text(
        fr="nous attendons la réponse d’un autre organisme", en="we are waiting for an answer from another organization"
    ),
    "weather": Text(fr="la météo ne permet pas les travaux", en="the weather does not allow the work"),
    PLUGIN: Text(
        fr="ce service n’est pas disponible pour le moment", en="this service is not available for the moment"
    ),
}
"""Why a response time is paused, as the requester is told."""
NOTHING_RUNS = Text(
    fr="Aucun délai qui puisse être suspendu ne court en ce moment. Un délai légal ou déjà dépassé ne peut pas l’être.",
    en="No response time can be paused at the moment. A statutory time limit, or one that is overdue, cannot be "
    "paused.",
)
NOT_PAUSED = Text(fr="Aucun délai n’a été suspendu par un agent.", en="No response time was paused by an agent.")
AWAY = Text(
    fr="Le délai reprend automatiquement quand le service est de nouveau disponible.",
    en="The response time resumes automatically when the service is available again.",
)
RUNS_AGAIN = Text(
    fr="Le délai était suspendu\u00a0: {why}. Il a repris.",
    en="The response time was paused: {why}. It has resumed.",
)


async def pause(
    host: Host, reference: str, why: Why, words: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Pause the response times of a request, until somebody resumes them."""
    return await change(host, reference, pausing(host, why, words), actor=actor, expected=expected)


def pausing(host: Host, why: str, words: str) -> Plan[Denied]:
    """The plan that stops what may be stopped."""

    async def plan(here: Situation) -> Change | Denied:
        clocks = await clocks_of(here.record.id)
        paused = paused_by_hand(clocks, why, here.at)
        if paused == clocks:
            return Denied(code="not_possible", reason=NOTHING_RUNS)
        said = clean(words).strip()[:MOST_WORDS]
        return Change(
            line=Line(
                kind="paused",
                audience="requester",
                body={"why": why, **noted(clocks, paused)},
                personal={"words": said} if said else None,
            ),
            columns=_columns(paused),
            writes=(partial(keep_changed, host, here.town, clocks, paused),),
        )

    return plan


async def resume(
    host: Host, reference: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Resume the response times of a request, with what was left of them; its requester is told the new date."""
    return await change(host, reference, resuming(host, actor), actor=actor, expected=expected)


def resuming(host: Host, actor: Actor) -> Plan[Denied]:
    """The plan that lets what was stopped run again; what rests for its plugin waits until that is back."""

    async def plan(here: Situation) -> Change | Denied:
        clocks = await clocks_of(here.record.id)
        why = held_by(clocks)
        if not why:
            return Denied(code="not_possible", reason=NOT_PAUSED)
        if why == PLUGIN and not is_offered(host, here.record):
            return Denied(code="not_possible", reason=AWAY)
        waits = here.record.phase is Phase.WAITING_FOR_YOU
        running = resumed_by_hand(clocks, waits, here.town.calendar, here.at)
        moved = told_of(here.record, shown_of(running))
        language = here.record.language
        words = RUNS_AGAIN.to(language).format(why=REASONS[why].to(language))
        return Change(
            line=Line(
                kind="resumed",
                audience="requester",
                body={"why": why, "waits": waits, **noted(clocks, running), **moved},
                personal={"words": words},
            ),
            columns=_columns(running),
            events=(Rescheduled(**here.about(actor), entry=here.record.entries + 1),) if moved else (),
            writes=(partial(keep_changed, host, here.town, clocks, running),),
        )

    return plan


def paused_by_hand(clocks: tuple[Clock, ...], why: str, now: datetime) -> tuple[Clock, ...]:
    """The clocks of which those rest that may be stopped; those of the law, and those that are over, may not."""
    return tuple(resting(each, now, why) if _may_rest(each, now, why) else each for each in clocks)


def _may_rest(clock: Clock, now: datetime, why: str) -> bool:
    runs = clock.state == "running" and now <= clock.due_at
    return runs and (clock.allowance.pauses or why == PLUGIN) and not clock.allowance.statutory


def resumed_by_hand(
    clocks: tuple[Clock, ...], waits: bool, calendar: BusinessCalendar, now: datetime
) -> tuple[Clock, ...]:
    """The clocks of which those run again that were stopped by hand; where an answer is awaited they rest for that."""
    return tuple(_resumed(each, waits, calendar, now) if each.held else each for each in clocks)


def _resumed(clock: Clock, waits: bool, calendar: BusinessCalendar, now: datetime) -> Clock:
    running = running_again(clock, calendar, now)
    return resting(running, now) if waits else running


def held_by(clocks: Collection[Clock]) -> str:
    """Why the response times were paused by hand; empty if they were not."""
    return next((each.held for each in clocks if each.held), "")


def _columns(clocks: tuple[Clock, ...]) -> dict[str, object]:
    promise = shown_of(clocks)
    return {"promised_at": promise.due_at, "promise": promise.state} if promise else {}


def _values(entry: Entry) -> Mapping[str, Text | str]:
    return {"why": REASONS.get(entry.body.get("why", ""), "")}


WORDS = EntryWords(
    titles={
        "clocks": Text(fr="Début d’un délai", en="A response time starts"),
        "paused": Text(fr="Délai suspendu\u00a0: {why}", en="Response time paused: {why}"),
        "promised": Text(fr="Nouvelle date promise", en="New promised date"),
        "recounted": Text(fr="Délai recalculé", en="Response time recalculated"),
        "resumed": Text(fr="Le délai a repris", en="The response time resumed"),
    },
    values=_values,
)
