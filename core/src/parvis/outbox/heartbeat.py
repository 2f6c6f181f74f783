"""The heartbeat: every few minutes a row written as an intake writes it, carried by a worker like any other delivery.

No request stands behind it: it is an event for the subscriber `heartbeat`, which the host has itself, and, where an
address is given for it, a message that the channel of e-mail carries. What became of both stands in the outbox; those
of more than a day are dropped. No figure about requests ever counts them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct
from piccolo.columns.combination import And, Where, WhereRaw

from parvis import clock
from parvis.db import Engine, insert, transaction
from parvis.db.tables import Delivery
from parvis.identifiers import new_id
from parvis.outbox.deliveries import CHANNEL, HEARTBEAT, UNFINISHED, write_message
from parvis_sdk.channels import OutgoingMessage

Condition = Where | And | WhereRaw

EVERY = timedelta(minutes=5)
LATE = timedelta(minutes=15)  # three that did not come, or one that is still on its way
KEPT = timedelta(days=1)
MOST = 1000
NOTHING = UUID(int=0)
MAIL = f"{CHANNEL}email"
SUBJECT = "Parvis\u00a0: signal de vie / heartbeat"
WORDS = (
    "Ce message prouve que les messages partent. Personne n’a à y répondre.\n\n"
    "This message proves that messages leave. Nobody needs to answer it.\n"
)


class TrialRollback(Exception):
    """Ends a transaction that wrote something only to see that it can be written."""


class Beats(Struct, frozen=True, kw_only=True):
    """When the last heartbeat was written, carried by a worker and sent by mail; None where none was within a day.

    `mail_wanted` tells whether heartbeats are mailed at all.
    """

    written: datetime | None = None
    carried: datetime | None = None
    mailed: datetime | None = None
    mail_wanted: bool = False

    def is_carried(self, now: datetime) -> bool:
        """Whether a worker carried one lately."""
        return self.carried is not None and abs(now - self.carried) < LATE

    def is_mailed(self, now: datetime) -> bool:
        """Whether one left by mail lately, or none should."""
        return not self.mail_wanted or (self.mailed is not None and abs(now - self.mailed) < LATE)


async def beat(engine: Engine, mailbox: str = "") -> int:
    """Write one, as an intake writes what follows from it, and drop those of yesterday."""
    waits = mailbox and await Delivery.exists().where(_messages(await _ids()) & WhereRaw(UNFINISHED))
    async with transaction(engine):
        id = await _write()
        if mailbox and not waits:  # a mail server that is away for a weekend gets one of them, not five hundred
            message = OutgoingMessage(to=mailbox, subject=SUBJECT, text=WORDS, language="fr")
            await write_message(message, request=id, reference="")
    await _drop(engine, clock.now() - KEPT)
    return 1


async def can_write(engine: Engine) -> bool:
    """Whether an intake could be written now: one is, and undone at once; raises what the database raises."""
    try:
        async with transaction(engine):
            await _write()
            raise TrialRollback
    except TrialRollback:
        return True


async def beats(*, mail_wanted: bool) -> Beats:
    """The last ones."""
    written = Delivery.subscriber == HEARTBEAT
    last = await Delivery.select(Delivery.made_at).where(written).order_by(Delivery.id, ascending=False).first()
    return Beats(
        written=last["made_at"] if last else None,
        carried=await _last_done(written),
        mailed=await _last_done(_messages(await _ids())) if mail_wanted else None,
        mail_wanted=mail_wanted,
    )


async def _last_done(chosen: Condition) -> datetime | None:
    done = chosen & (Delivery.state == "done")
    row = await Delivery.select(Delivery.done_at).where(done).order_by(Delivery.id, ascending=False).first()
    return row["done_at"] if row else None


async def _ids(before: datetime | None = None) -> list[UUID]:
    """Those of a day, or those that were written before."""
    chosen: Condition = Delivery.subscriber == HEARTBEAT
    if before is not None:
        chosen = chosen & (Delivery.made_at < before)
    return [row["request"] for row in await Delivery.select(Delivery.request).where(chosen).limit(MOST)]


def _messages(ids: Sequence[UUID]) -> Condition:
    return (Delivery.subscriber == MAIL) & Delivery.request.is_in([*ids] or [NOTHING])


async def _write() -> UUID:
    id, now = new_id(), clock.now()
    event = msgspec.json.encode({"event": HEARTBEAT, "id": str(id), "reference": "", "actor": "system"}).decode()
    await insert(
        Delivery(
            id=id,
            request=id,
            reference="",
            subscriber=HEARTBEAT,
            lane=HEARTBEAT,
            event_id=str(id),
            event=event,
            state="waiting",
            made_at=now,
            due_at=now,
        )
    )
    return id


async def _drop(engine: Engine, before: datetime) -> None:
    if ids := await _ids(before):
        async with transaction(engine):
            await Delivery.delete().where(Delivery.request.is_in(ids))
