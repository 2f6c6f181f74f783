"""What is announced to many at once, and who keeps the ledger of it: owners declare their ledgers.

A message of an announcement carries its `word`. What is sent, passed on, given up or told by hand is recorded here, in
the unit that does it; messages that announce nothing are no ledger's.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct

from parvis.requests.host import Host
from parvis.requests.parties import Receiver
from parvis.requests.records import Record
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import Announced
from parvis_sdk.requests import Requester, Urgency
from parvis_sdk.text import Text

TellingState = Literal["told", "on_its_way", "to_call", "failed"]


class Announcement(Struct, frozen=True, kw_only=True):
    """One announcement: what it is about and what it says, in every language of the interface."""

    id: UUID
    title: Text
    words: Text
    urgency: Urgency = "normal"


class MovesOn(Protocol):
    """Notes that what carried a telling has given it up; something else carries it (`to`), or nothing does."""

    def __call__(
        self, before: UUID, state: TellingState, *, way: str = "", to: UUID | None = None
    ) -> Awaitable[None]: ...


class MessageLedger(Struct, frozen=True, kw_only=True):
    """How one owner notes what became of its announcements, each in a transaction, and answers what is asked."""

    carried: Callable[[Host, str, UUID, OutgoingMessage, UUID], Awaitable[None]]
    owed: Callable[[str, UUID, str, UUID], Awaitable[None]]
    left_out: Callable[[Announced, UUID], Awaitable[None]]
    delivered: Callable[[Host, UUID, Record | None], Awaitable[None]]
    moved_on: MovesOn
    by_hand: Callable[[Collection[UUID], TellingState], Awaitable[None]]
    sent_again: Callable[[UUID], Awaitable[None]]
    is_correction: Callable[[str], Awaitable[bool]]
    told_by: Callable[[Collection[UUID], UUID], Awaitable[tuple[UUID, Announcement] | None]]
    told_to: Callable[[Host, UUID, Requester | None], Awaitable[Iterable[Announcement]]]
    overdue: Callable[[datetime], Awaitable[Iterable[tuple[UUID, str]]]]
    closing: Callable[[UUID], Awaitable[Announcement | None]]
    heard: Callable[[Host, UUID, Collection[Receiver]], Awaitable[frozenset[str]]]


def ledgers(host: Host) -> tuple[MessageLedger, ...]:
    """Those of every module that is installed, on or off: what was announced goes on."""
    return host.modules.heard(MessageLedger)


async def carried(host: Host, word: str, request: UUID, message: OutgoingMessage, by: UUID) -> None:
    """Inside a transaction: a message is on its way with this announcement."""
    for ledger in ledgers(host):
        await ledger.carried(host, word, request, message, by)


async def owed(host: Host, word: str, request: UUID, way: str, by: UUID) -> None:
    """Inside a transaction: a person of the town is to tell the requester."""
    for ledger in ledgers(host):
        await ledger.owed(word, request, way, by)


async def left_out(host: Host, event: Announced, request: UUID) -> None:
    """Inside a transaction: whom an event named, and for whom nothing was written, nothing reaches."""
    for ledger in ledgers(host):
        await ledger.left_out(event, request)


async def delivered(host: Host, carrier: UUID, record: Record | None) -> None:
    """Inside a transaction: a channel has delivered it."""
    for ledger in ledgers(host):
        await ledger.delivered(host, carrier, record)


async def moved_on(host: Host, before: UUID, state: TellingState, *, way: str = "", to: UUID | None = None) -> None:
    """Inside a transaction: what carried a telling has given it up; something else carries it, or nothing does."""
    for ledger in ledgers(host):
        await ledger.moved_on(before, state, way=way, to=to)


async def by_hand(host: Host, owed_by: Collection[UUID], state: TellingState) -> None:
    """Inside a transaction: somebody was told by telephone or by letter, or could not be."""
    for ledger in ledgers(host):
        await ledger.by_hand(owed_by, state)


async def sent_again(host: Host, carrier: UUID) -> None:
    """Inside a transaction: it is sent although an earlier try may have arrived."""
    for ledger in ledgers(host):
        await ledger.sent_again(carrier)


async def is_correction(host: Host, word: str) -> bool:
    """Whether an announcement is a correction, which also goes to people who have unsubscribed since."""
    return any([await ledger.is_correction(word) for ledger in ledgers(host)]) if word else False


async def told_by(host: Host, carriers: Collection[UUID], request: UUID) -> tuple[UUID, Announcement] | None:
    """Which of these messages told the requester of this request of an announcement, and which announcement."""
    for ledger in ledgers(host):
        if (found := await ledger.told_by(carriers, request)) is not None:
            return found
    return None


async def told_to(host: Host, request: UUID, person: Requester | None) -> tuple[Announcement, ...]:
    """What was announced to the requester about this request, the oldest first: for their own archive."""
    return tuple([each for ledger in ledgers(host) for each in await ledger.told_to(host, request, person)])


async def overdue(host: Host, since: datetime) -> list[tuple[UUID, str]]:
    """The deliveries of emergencies that have reached nobody since that moment, with the reference of the request."""
    return [each for ledger in ledgers(host) for each in await ledger.overdue(since)]


async def closing_word(host: Host, request: UUID) -> Announcement | None:
    """The announcement that ended what this request stands for; None where it ended without one, or has not ended."""
    for ledger in ledgers(host):
        if (found := await ledger.closing(request)) is not None:
            return found
    return None


async def heard(host: Host, word: UUID, receivers: Collection[Receiver]) -> frozenset[str]:
    """Of these addresses, those that an announcement has reached, or is on its way to by mail or text message."""
    return frozenset[str]().union(*[await ledger.heard(host, word, receivers) for ledger in ledgers(host)])
