"""Mail that stands on no request yet: listed, put on one by a person of the town, or let go with a reason."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from piccolo.columns.combination import And, Where

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import StoredFile, kept_waiting
from parvis.requests.attached.dropping import discard
from parvis.requests.changing import NoSuchRequest
from parvis.requests.contacts import contact_of
from parvis.requests.host import Host
from parvis.requests.lists.stalled import StalledCount, stalled_of
from parvis.requests.records import Record
from parvis.requests.work.conversation import note_within, receive_within
from parvis_mail_intake.filing import State
from parvis_mail_intake.personal import WORDS, holder_of
from parvis_mail_intake.tables import IncomingMail
from parvis_sdk.text import Text

ASIDE_DAYS = timedelta(days=30)
SENT_BY = Text(fr="Courriel de {sender}, «\u00a0{subject}\u00a0»", en="Mail from {sender}, “{subject}”")
EMPTY: Row = {**WORDS}
"""What a row loses once nobody needs to read it here: the words stand on a request, or concern none."""
Condition = Where | And
List = Literal["open", "junk", "machines", "settled"]


class Mail(Struct, frozen=True, kw_only=True):
    """One mail, as it is kept here."""

    id: UUID
    key: str
    sort: str
    why: str
    state: State
    received_at: datetime
    sender: str
    sender_name: str
    subject: str
    words: str
    folded: str
    left_out: tuple[Text, ...]
    reference: str
    settled_at: datetime | None
    settled_by: str
    said: str

    @property
    def waits(self) -> bool:
        """Whether anybody may still say what becomes of it."""
        return self.state in ("open", "aside")


async def mails(jurisdiction: str, which: List, *, before: UUID | None = None, limit: int = 50) -> tuple[Mail, ...]:
    """The mails of a town in a list, newest first; one statement."""
    chosen: Condition = IncomingMail.jurisdiction == jurisdiction
    match which:
        case "open":
            chosen = chosen & (IncomingMail.state == "open")
        case "junk":
            chosen = chosen & (IncomingMail.state == "aside") & (IncomingMail.sort == "junk")
        case "machines":
            chosen = chosen & (IncomingMail.state == "aside") & (IncomingMail.sort != "junk")
        case "settled":
            chosen = chosen & IncomingMail.state.is_in(["filed", "dropped"])
    if before is not None:
        chosen = chosen & (IncomingMail.id < before)
    rows = await IncomingMail.select().where(chosen).order_by(IncomingMail.id, ascending=False).limit(limit)
    return tuple(_mail(row) for row in rows)


async def left_to_sort(jurisdiction: str, until: datetime) -> StalledCount:
    """How many mails came before a moment and still wait for somebody to sort them; one statement."""
    rows = await IncomingMail.raw(
        "SELECT COUNT(*) AS requests, MIN(received_at) AS since FROM incoming_mail "
        "WHERE jurisdiction = {} AND state = 'open' AND received_at < {}",
        jurisdiction,
        until,
    )
    return stalled_of(rows[0])


async def mail_of(jurisdiction: str, id: UUID) -> Mail | None:
    """One of them."""
    here = (IncomingMail.id == id) & (IncomingMail.jurisdiction == jurisdiction)
    row = await IncomingMail.select().where(here).first()
    return _mail(row) if row else None


async def files_of(mail: Mail) -> tuple[StoredFile, ...]:
    """The files that wait with it."""
    return await kept_waiting(holder_of(mail.key))


async def attach(host: Host, mail: Mail, record: Record, *, actor: Actor) -> bool:
    """Put a mail on a request; False when somebody has settled it meanwhile.

    What the address of the request's own person wrote, they may read again. What anybody else did is for the town's
    people alone. Either way it is the agent who says so: an address proves nothing.
    """
    person = await contact_of(record)
    is_theirs = bool(person and person.email and person.email.casefold() == mail.sender.casefold())
    files = tuple(kept.attachment.id for kept in await files_of(mail))
    heading = SENT_BY.format(sender=mail.sender or "?", subject=mail.subject)
    left_out = [structs.asdict(each) for each in (heading, *mail.left_out)]
    said: dict[str, Any] = {"words": mail.words, "folded": mail.folded, "from": mail.sender, "left_out": left_out}
    async with transaction(host.engine):
        write = partial(receive_within, moves=False) if is_theirs else note_within
        await write(host, record.reference, said, actor=actor, files=files, holder=holder_of(mail.key))
        settled = await _settle(mail, "filed", actor, reference=record.reference)
        if not settled:
            raise NoSuchRequest("the mail was settled meanwhile")  # takes the entry back with the transaction
    return True


async def drop(host: Host, mail: Mail, why: str, *, actor: Actor) -> bool:
    """Let a mail go, with the reason; its words and files are destroyed here. False when it was settled meanwhile."""
    async with transaction(host.engine):
        settled = await _settle(mail, "dropped", actor, said=why)
    if settled:
        await _discard_files(host, mail)
    return settled


async def empty_aside(host: Host) -> int:
    """Empty what machines and bulk senders wrote once nobody asked for it within thirty days; how many."""
    old = (IncomingMail.state == "aside") & (IncomingMail.received_at < clock.now() - ASIDE_DAYS)
    rows = await IncomingMail.select().where(old).limit(200)
    gone: Row = {**EMPTY, IncomingMail.state: "dropped", IncomingMail.settled_at: clock.now()}
    for row in rows:
        async with transaction(host.engine):
            await IncomingMail.update(gone).where((IncomingMail.id == row["id"]) & (IncomingMail.state == "aside"))
        await _discard_files(host, _mail(row))
    return len(rows)


async def _settle(mail: Mail, state: State, actor: Actor, *, reference: str = "", said: str = "") -> bool:
    """Inside a transaction."""
    changed: Row = {
        **EMPTY,
        IncomingMail.state: state,
        IncomingMail.reference: reference,
        IncomingMail.said: said[:2000],
        IncomingMail.settled_by: actor.name[:120],
        IncomingMail.settled_at: clock.now(),
    }
    waits = (IncomingMail.id == mail.id) & IncomingMail.state.is_in(["open", "aside"])
    return bool(await IncomingMail.update(changed).where(waits).returning(IncomingMail.id))


async def _discard_files(host: Host, mail: Mail) -> None:
    for kept in await files_of(mail):
        await discard(host, holder_of(mail.key), kept.attachment.id)


def _mail(row: dict[str, Any]) -> Mail:
    left_out = msgspec.json.decode(row["left_out"], type=tuple[Text, ...])
    return Mail(**{name: row[name] for name in Mail.__struct_fields__ if name != "left_out"}, left_out=left_out)
