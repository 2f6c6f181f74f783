"""Deliveries: written in the transaction that causes them, claimed by a worker, then done, postponed or dead.

Within one request, each lane (a subscriber; for messages a channel and a receiver) gets its deliveries one after the
other in the order of their ids. One that is dead or skipped no longer holds back those behind it: a person who cannot
be written to today is still written to tomorrow. Revived by an operator, it comes after what was delivered meanwhile.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.db import Engine, insert_values, transaction
from parvis.db.tables import Delivery, Row
from parvis.identifiers import new_id
from parvis.plugins import PluginRegistry
from parvis.troubles import Trouble, kept, only_words
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import Event, MessageDue, Resent
from parvis_sdk.text import Text

Changes = dict[Any, Any]

ERASED = Text(fr="la requête a été détruite", en="the request was erased")
RECEIPT_LENGTH = 200
SWEPT_AT_ONCE = 1000

DeliveryState = Literal["waiting", "claimed", "postponed", "done", "dead", "skipped"]
STATES: tuple[DeliveryState, ...] = ("waiting", "claimed", "postponed", "done", "dead", "skipped")

UNFINISHED = "state IN ('waiting', 'claimed', 'postponed')"
"""The condition of the partial indexes; queries must say it in these very words to use them."""

CHANNEL = "channel:"
CONNECTOR = "connector:"
HEARTBEAT = "heartbeat"  # a subscriber of the host itself, see `parvis.outbox.heartbeat`


class DeliveryClaim(Struct, frozen=True, kw_only=True):
    """A delivery that this worker holds until its lease ends. `attempts` counts this try and tells claims apart;
    `blocked` counts the tries in which the plugin blocked the worker.

    `after_failures` says that its subscriber failed the last time, so that a success is news; `is_cut_off` that the
    last worker that held it ended without an answer: nobody knows what came of its try.
    """

    id: UUID
    request: UUID
    reference: str
    subscriber: str
    event_id: str
    event: str
    attempts: int
    worker: str
    blocked: int | None = None
    is_probe: bool = False
    after_failures: bool = False
    is_cut_off: bool = False

    @property
    def plugin(self) -> str:
        """The subscriber of the event: a plugin, or a connector by its own name; empty for a message."""
        return self.connector or ("" if self.is_message else self.subscriber.partition(".")[0])

    @property
    def connector(self) -> str:
        """The connector that subscribes to the event; empty for any other subscriber."""
        return self.subscriber.removeprefix(CONNECTOR) if self.subscriber.startswith(CONNECTOR) else ""

    @property
    def is_heartbeat(self) -> bool:
        """Whether it only proves that it was carried."""
        return self.subscriber == HEARTBEAT

    @property
    def is_message(self) -> bool:
        """Whether a channel carries it to a person."""
        return self.subscriber.startswith(CHANNEL)

    @property
    def channel(self) -> str:
        """The channel that carries the message; empty for an event."""
        return self.subscriber.removeprefix(CHANNEL) if self.is_message else ""

    @property
    def word(self) -> str:
        """The announcement that is told by it; empty for any other delivery."""
        found: dict[str, Any] = msgspec.json.decode(self.event) if '"word"' in self.event else {}
        return str(found.get("word", ""))

    @property
    def asked_by_anybody(self) -> str:
        """The event that a person asking has brought about; empty when the town did."""
        found: dict[str, Any] = msgspec.json.decode(self.event)
        return str(found.get("event", "")) if found.get("actor") == "requester" else ""

    def event_without_message(self) -> str:
        """What is kept of the event once it is done: a message's words and receiver are not."""
        if not self.is_message:
            return self.event
        event = msgspec.json.decode(self.event, type=dict[str, msgspec.Raw])
        return msgspec.json.encode({**event, "message": {}}).decode()


async def write(
    plugin_registry: PluginRegistry,
    events: Sequence[Event],
    *,
    request: UUID,
    reference: str,
    type_code: str,
    plugins: Collection[str] | None,
    town: str = "",
) -> int:
    """In a transaction: one delivery for each event and each subscriber of a plugin enabled here (None: all are)."""
    rows = [
        _row(new_id(), request, reference, name, name, event)
        for event in events
        for name in (
            *(each.name for each in plugin_registry.subscribers(event, type_code, plugins)),
            *(f"{CONNECTOR}{name}" for name in plugin_registry.connectors_for(event, type_code, town, plugins)),
        )
    ]
    if rows:
        await insert_values(Delivery, *rows)
    return len(rows)


class Hold(Struct, frozen=True, kw_only=True):
    """Which worker carries messages of these subscribers in the pass that writes them, until when it holds them."""

    worker: str
    until: datetime
    subscribers: frozenset[str]


async def write_message(
    message: OutgoingMessage, *, request: UUID, reference: str, word: str = "", even_stopped: bool = False
) -> UUID:
    """Inside a transaction: a message on its way to its channel. Its id is the delivery's, the same at every try.

    `word` is the announcement that it carries, if it does; `even_stopped` lets it go to a number that answered STOP.
    """
    row = _message_row(message, request, reference, word, even_stopped)
    await insert_values(Delivery, row)
    return UUID(str(row["id"]))


async def write_held(message: OutgoingMessage, hold: Hold, *, request: UUID, reference: str) -> DeliveryClaim:
    """Inside a transaction: the same, claimed for its first try by its writer."""
    row = _message_row(message, request, reference, "")
    held = {"state": "claimed", "attempts": 1, "claimed_by": hold.worker, "due_at": hold.until}
    await insert_values(Delivery, row | held)
    told = {name: row[name] for name in ("id", "request", "reference", "subscriber", "event_id", "event")}
    return DeliveryClaim(**told, attempts=1, worker=hold.worker)


async def lanes_in_use(requests: Collection[UUID]) -> set[tuple[UUID, str]]:
    """By request, the lanes in which something is not done yet: what is written now waits for it."""
    if not requests:
        return set()
    unfinished = Delivery.request.is_in(list(requests)) & WhereRaw(UNFINISHED)
    rows = await Delivery.select(Delivery.request, Delivery.lane).where(unfinished)
    return {(row["request"], row["lane"]) for row in rows}


def lane_of(message: OutgoingMessage) -> str:
    """What keeps the messages of one request to one receiver in their order."""
    return f"{CHANNEL}{message.channel}:{receiver_of(message.to)}"


def receiver_of(address: str) -> str:
    """An address as a lane names it, as a digest: the same for callers who know the address, readable by nobody."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:16]


def _message_row(message: OutgoingMessage, request: UUID, reference: str, word: str, even_stopped: bool = False) -> Row:
    id = new_id()
    sent = structs.replace(message, id=str(id), reference=reference)
    due = MessageDue(
        id=str(id),
        reference=reference,
        at=clock.now(),
        actor="system",
        channel=sent.channel,
        message=msgspec.to_builtins(sent),
        word=word,
        even_stopped=even_stopped,
    )
    return _row(id, request, reference, f"{CHANNEL}{sent.channel}", lane_of(sent), due)


async def resend(connector: str, *, request: UUID, reference: str) -> UUID:
    """Inside a transaction: have a connector bring its system up to date with the request as it stands."""
    id, name = new_id(), f"{CONNECTOR}{connector}"
    event = Resent(id=str(id), reference=reference, at=clock.now(), actor="system")
    await insert_values(Delivery, _row(id, request, reference, name, name, event))
    return id


async def delivered_to(connector: str, since: datetime, until: datetime) -> tuple[str, ...]:
    """The references of which a connector made or changed something there within a period: it answered its number."""
    within = (Delivery.done_at >= since) & (Delivery.done_at < until) & (Delivery.state == "done")
    within = within & (Delivery.external_reference != "")
    rows = (
        await Delivery.select(Delivery.reference)
        .where((Delivery.subscriber == f"{CONNECTOR}{connector}") & within)
        .distinct()
    )
    return tuple(sorted(row["reference"] for row in rows))


async def finish(claimed: DeliveryClaim, receipt: str = "") -> bool:
    """Inside a transaction: it is done; False when the lease passed and it is ours no more: then write nothing else."""
    changed: Changes = {
        Delivery.state: "done",
        Delivery.done_at: clock.now(),
        Delivery.trouble: "",
        Delivery.external_reference: receipt[:RECEIPT_LENGTH],
        Delivery.event: claimed.event_without_message(),
    }
    return await _settle(claimed, changed) and await _bring_forward(claimed)


OVER = """
UPDATE delivery SET state = 'done', done_at = {{}}, trouble = '', claimed_by = '',
    external_reference = CASE id {cases} END, event = CASE id {cases} END
WHERE id IN ({ids}) AND state = 'claimed' AND claimed_by = {{}} AND attempts = 1 RETURNING id"""


async def finish_each(claims: Sequence[DeliveryClaim], receipts: Sequence[str]) -> frozenset[UUID]:
    """Inside a transaction: these first tries of one worker are done, in one statement; those that were still ours."""
    if not claims:
        return frozenset()
    ids = [each.id for each in claims]
    answered = [value for pair in zip(ids, (each[:RECEIPT_LENGTH] for each in receipts), strict=True) for value in pair]
    kept = [value for each in claims for value in (each.id, each.event_without_message())]
    cases, marks = " ".join(["WHEN {} THEN {}"] * len(ids)), ", ".join(["{}"] * len(ids))
    sql = OVER.format(cases=cases, ids=marks)
    rows = await Delivery.raw(sql, clock.now(), *answered, *kept, *ids, claims[0].worker)
    return frozenset(UUID(str(row["id"])) for row in rows)


async def postpone(claimed: DeliveryClaim, until: datetime, trouble: Trouble) -> bool:
    """Inside a transaction: try again at `until`; False when it is not ours any more."""
    changed: Changes = {Delivery.state: "postponed", Delivery.due_at: until, Delivery.trouble: kept(trouble)}
    return await _settle(claimed, changed) and await _put_off(claimed, until)


async def count_block(claimed: DeliveryClaim) -> None:
    """Inside a transaction: its plugin blocked the worker in this try."""
    await Delivery.update({Delivery.blocked: (claimed.blocked or 0) + 1}).where(Delivery.id == claimed.id)


async def die(claimed: DeliveryClaim, trouble: Trouble) -> bool:
    """Inside a transaction: give up until an operator revives it; False when it is not ours any more."""
    changed: Changes = {Delivery.state: "dead", Delivery.trouble: kept(trouble)}
    return await _settle(claimed, changed) and await _bring_forward(claimed)


async def give_up(id: UUID, trouble: Trouble) -> str:
    """Inside a transaction: give up a message that waits, whatever its channel would say; its event, else empty."""
    changed: Changes = {Delivery.state: "dead", Delivery.trouble: kept(trouble)}
    waits = (Delivery.id == id) & Delivery.state.is_in(["waiting", "postponed"])
    rows = await Delivery.update(changed).where(waits).returning(Delivery.event)
    return str(rows[0]["event"]) if rows else ""


async def channel_of(id: UUID) -> str:
    """By which channel a message goes; empty for any other delivery, and for one that is gone."""
    row = await Delivery.select(Delivery.subscriber).where(Delivery.id == id).first()
    subscriber = str(row["subscriber"]) if row else ""
    return subscriber.removeprefix(CHANNEL) if subscriber.startswith(CHANNEL) else ""


async def give_back(claimed: DeliveryClaim, until: datetime | None = None) -> bool:
    """In a transaction: claimed and not tried, as if it had never been claimed; due from `until` where it is given."""
    changed: Changes = {
        Delivery.state: "waiting",
        Delivery.due_at: until or clock.now(),
        Delivery.attempts: claimed.attempts - 1,
    }
    ours = await _settle(claimed, changed)
    return ours and (until is None or await _put_off(claimed, until))


async def free(worker: str) -> int:
    """In a transaction: what a worker held that is gone is due, as if its lease had passed; how many deliveries.

    What was cut off before keeps its lease: should it be what ends its worker, it ends one in as long, not one after
    the other.
    """
    held = (Delivery.claimed_by == worker) & (Delivery.state == "claimed") & (Delivery.attempts <= 1)
    freed = await Delivery.update({Delivery.due_at: clock.now()}).where(held).returning(Delivery.id)
    return len(freed)


async def park(engine: Engine, known: Collection[str], trouble: Callable[[str], Trouble]) -> int:
    """Show as postponed what is due for subscribers not known here, with the trouble of each.

    They stay due, so that they go at once when their plugin is back.
    """
    waiting = await Delivery.select(Delivery.subscriber).where(WhereRaw(UNFINISHED)).distinct()
    strangers = sorted({row["subscriber"] for row in waiting} - set(known))
    parked = 0
    for name in strangers:
        reason = kept(trouble(name))
        due = (Delivery.subscriber == name) & (Delivery.due_at <= clock.now()) & WhereRaw(UNFINISHED)
        changed: Changes = {Delivery.state: "postponed", Delivery.trouble: reason}
        async with transaction(engine):
            rows = await Delivery.update(changed).where(due & (Delivery.trouble != reason)).returning(Delivery.id)
        parked += len(rows)
    return parked


async def forget_request(request: UUID) -> None:
    """Inside the transaction of an erasure: no message of this request goes out any more, and nobody's words are kept.

    What is told of a step goes from its events, receivers from messages and from their lanes, both from troubles.
    """
    ours = Delivery.request == request
    messages = ours & Delivery.subscriber.like(f"{CHANNEL}%")
    await Delivery.update({Delivery.trouble: ""}).where(ours)
    await Delivery.update({Delivery.lane: Delivery.subscriber}).where(messages)
    await Delivery.update({Delivery.state: "skipped", Delivery.trouble: kept(only_words(ERASED))}).where(
        messages & WhereRaw(UNFINISHED)
    )
    for row in await Delivery.select(Delivery.id, Delivery.event).where(ours):
        event = msgspec.json.decode(row["event"])
        bare = {name: {} if name in ("message", "given") else value for name, value in event.items()}
        if bare != event:
            await Delivery.update({Delivery.event: msgspec.json.encode(bare).decode()}).where(Delivery.id == row["id"])


async def sweep(engine: Engine, before: datetime) -> int:
    """Drop what was done or skipped and was made before that time, a thousand at a time."""
    old = (Delivery.made_at < before) & Delivery.state.is_in(["done", "skipped"])
    dropped = 0
    while rows := await Delivery.select(Delivery.id).where(old).limit(SWEPT_AT_ONCE):
        async with transaction(engine):
            await Delivery.delete().where(Delivery.id.is_in([row["id"] for row in rows]))
        dropped += len(rows)
    return dropped


def _row(id: UUID, request: UUID, reference: str, subscriber: str, lane: str, event: Event) -> Row:
    now = clock.now()
    return {
        "id": id,
        "request": request,
        "reference": reference,
        "subscriber": subscriber,
        "lane": lane,
        "event_id": event.id,
        "event": msgspec.json.encode(event).decode(),
        "state": "waiting",
        "attempts": 0,
        "blocked": None,
        "made_at": now,
        "due_at": now,
        "claimed_by": "",
        "done_at": None,
        "trouble": "",
        "external_reference": "",
    }


async def _settle(claimed: DeliveryClaim, changed: Changes) -> bool:
    ours = (
        (Delivery.id == claimed.id)
        & (Delivery.state == "claimed")
        & (Delivery.claimed_by == claimed.worker)
        & (Delivery.attempts == claimed.attempts)
    )
    values = {**changed, Delivery.claimed_by: ""}
    return bool(await Delivery.update(values).where(ours).returning(Delivery.id))


BEHIND = f"""
UPDATE delivery SET due_at = {{}} WHERE request = {{}} AND {UNFINISHED} AND state = 'waiting' AND id > {{}}
AND lane = (SELECT h.lane FROM delivery AS h WHERE h.id = {{}}) AND due_at"""  # noqa: S608 - constants only


async def _put_off(claimed: DeliveryClaim, until: datetime) -> bool:
    """Those behind it in its lane are not due before it, so that no claim steps over them again and again."""
    await Delivery.raw(f"{BEHIND} < {{}}", until, claimed.request, claimed.id, claimed.id, until)
    return True


async def _bring_forward(claimed: DeliveryClaim) -> bool:
    """It holds those behind it back no longer; they were put off only if it was ever postponed."""
    if claimed.attempts > 1:
        now = clock.now()
        await Delivery.raw(f"{BEHIND} > {{}}", now, claimed.request, claimed.id, claimed.id, now)
    return True
