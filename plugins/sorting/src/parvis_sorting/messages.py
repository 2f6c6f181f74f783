"""Messages that stand on no request yet: listed, put on one by a person of the town, or let go with a reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from piccolo.columns import Column
from piccolo.columns.combination import And, Where
from piccolo.table import Table

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
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text

WAITING, SETTLED = ["open", "aside"], ["filed", "dropped"]
Condition = Where | And
DECODED = {"left_out": tuple[Text, ...], "candidates": tuple[str, ...]}


class IncomingMessage(Struct, frozen=True, kw_only=True):
    """One message, as it is kept; what its channel does not know, such as a subject, is empty.

    `why` says by which sign it was judged to be of its `sort`, `folded` what of it is read less, such as a quote,
    `left_out` what could not be kept, `candidates` references that it may be about.
    """

    id: UUID
    key: str
    jurisdiction: str
    sort: str
    why: str
    state: str
    received_at: datetime
    sender: str
    words: str
    left_out: tuple[Text, ...]
    reference: str
    settled_at: datetime | None
    settled_by: str
    said: str
    sender_name: str = ""
    subject: str = ""
    folded: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether anybody may still say what becomes of it."""
        return self.state in WAITING

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class Pile(Struct, frozen=True, kw_only=True):
    """Where the messages of one channel lie: a table with a column for each field of a message, or for those it knows.

    `empty` is what a row loses once nobody needs to read it here: its words stand on a request, or concern none.
    `holder` says by the key of a message what holds its files, `heading` what stands above its words in the history,
    `is_of` whether it came from the person of a request.
    """

    table: type[Table]
    empty: Mapping[str, str]
    holder: Callable[[str], str]
    heading: Callable[[IncomingMessage], Text]
    is_of: Callable[[IncomingMessage, Requester], bool]

    def column(self, name: str) -> Column:
        return self.table._meta.get_column_by_name(name)


async def messages(
    pile: Pile, jurisdiction: str, which: Condition, *, before: UUID | None = None, limit: int = 50
) -> tuple[IncomingMessage, ...]:
    """The messages of a town in a list, newest first; one statement."""
    chosen: Condition = (pile.column("jurisdiction") == jurisdiction) & which
    if before is not None:
        chosen = chosen & (pile.column("id") < before)
    rows = await pile.table.select().where(chosen).order_by(pile.column("id"), ascending=False).limit(limit)
    return tuple(message_in(row) for row in rows)


async def message_of(pile: Pile, jurisdiction: str, id: UUID) -> IncomingMessage | None:
    """One of them."""
    here = (pile.column("id") == id) & (pile.column("jurisdiction") == jurisdiction)
    row = await pile.table.select().where(here).first()
    return message_in(row) if row else None


async def left_to_sort(pile: Pile, jurisdiction: str, until: datetime) -> StalledCount:
    """How many came before a moment and still wait for somebody to sort them; one statement."""
    name = pile.table._meta.tablename
    rows = await pile.table.raw(
        f"SELECT COUNT(*) AS requests, MIN(received_at) AS since FROM {name} "  # noqa: S608 - of its owner
        "WHERE jurisdiction = {} AND state = 'open' AND received_at < {}",
        jurisdiction,
        until,
    )
    return stalled_of(rows[0])


async def files_of(pile: Pile, message: IncomingMessage) -> tuple[StoredFile, ...]:
    """The files that wait with it."""
    return await kept_waiting(pile.holder(message.key))


async def attach(pile: Pile, host: Host, message: IncomingMessage, record: Record, *, actor: Actor) -> bool:
    """Put a message on a request; False when somebody has settled it meanwhile.

    What the request's own person wrote, by the address or number they gave, they may read again. What anybody else
    wrote is for the town's people alone. Either way it is the agent who says so: a sender proves nothing.
    """
    person = await contact_of(record)
    is_theirs = bool(person and pile.is_of(message, person))
    files = tuple(kept.attachment.id for kept in await files_of(pile, message))
    left_out = [structs.asdict(each) for each in (pile.heading(message), *message.left_out)]
    said: dict[str, Any] = {"words": message.words, "from": message.sender, "left_out": left_out}
    if message.folded:
        said["folded"] = message.folded
    async with transaction(host.engine):
        write = partial(receive_within, moves=False) if is_theirs else note_within
        await write(host, record.reference, said, actor=actor, files=files, holder=pile.holder(message.key))
        if not await _settle(pile, message, "filed", actor, reference=record.reference):
            raise NoSuchRequest("the message was settled meanwhile")  # takes the entry back with the transaction
    return True


async def drop(pile: Pile, host: Host, message: IncomingMessage, why: str, *, actor: Actor) -> bool:
    """Let a message go, with the reason; its words and files are destroyed here. False when it was settled before."""
    async with transaction(host.engine):
        settled = await _settle(pile, message, "dropped", actor, said=why)
    if settled:
        await discard_files(pile, host, message)
    return settled


async def discard_files(pile: Pile, host: Host, message: IncomingMessage) -> None:
    for kept in await files_of(pile, message):
        await discard(host, pile.holder(message.key), kept.attachment.id)


def message_in(row: Mapping[str, Any]) -> IncomingMessage:
    """A row of such a table, as it is read here."""
    known = {name: row[name] for name in IncomingMessage.__struct_fields__ if name in row}
    read = {name: msgspec.json.decode(known[name], type=kind) for name, kind in DECODED.items() if name in known}
    return IncomingMessage(**{**known, **read})


async def _settle(
    pile: Pile, message: IncomingMessage, state: str, actor: Actor, *, reference: str = "", said: str = ""
) -> bool:
    """Inside a transaction."""
    changed: Row = dict(pile.empty)
    changed |= {"state": state, "reference": reference, "said": said[:2000]}
    changed |= {"settled_by": actor.name[:120], "settled_at": clock.now()}
    waits = (pile.column("id") == message.id) & pile.column("state").is_in(WAITING)
    return bool(await pile.table.update(changed).where(waits).returning(pile.column("id")))
