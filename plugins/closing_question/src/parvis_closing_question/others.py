"""Those who count beside the requester: followers of a request, and people whose own request goes on with it."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db.tables import Follower as FollowerRow
from parvis.requests.actors import REQUESTER
from parvis.requests.closing import ClosingQuestion, Opener
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.relations.merged import goes_on_with, ways_with
from parvis_closing_question.standing import closing_of, no_said, saying_no


class VoiceQuestion(Struct, frozen=True, kw_only=True):
    """What is asked of somebody who counts beside the requester (`asks`, a transition, empty where nothing is), whether
    they said so already, and how many people say it by which transition."""

    asks: str
    has_said: bool
    saying_no: int
    no_said: str


async def others_asked(host: Host, record: Record, voices: Sequence[str], is_asked: bool) -> VoiceQuestion:
    """What is asked of those who count by these ids, where they are, and how many say that it is not settled."""
    request_type, past = await type_of_record(host, record), await entries_of(record)
    says_no, closing = saying_no(request_type, past), closing_of(request_type, record, past, clock.now(), "system")
    has_said = not says_no.isdisjoint(voices)
    asks = closing.move if closing and not closing.refusal and is_asked and not has_said else ""
    return VoiceQuestion(asks=asks, has_said=has_said, saying_no=len(says_no), no_said=no_said(request_type, past))


async def voices_along(record: Record, other: Record) -> tuple[str, ...]:
    """By which ids its person counts there; none of whom nothing is known, so that nobody counts twice."""
    contact = await contact_of(record)
    way = (contact.email or contact.phone) if contact else ""
    return await voices_of(other, record.id, way) if way else ()


async def question_now(host: Host, record: Record) -> ClosingQuestion | None:
    """How the question stands, of a merged request that of the one with which it goes on."""
    other = await goes_on_with(record)
    about = other or record
    opener: Opener = "requester" if other is None else "system"
    return closing_of(await type_of_record(host, about), about, await entries_of(about), clock.now(), opener)


async def voices_of(record: Record, own: UUID, way: str) -> tuple[str, ...]:
    """By which ids this person counts among those who follow a request or whose own goes on with it: their `own`, and
    all that are reached at the same mailbox, whatever comes after “+”. They say something by the first of them.
    """
    rows = await FollowerRow.select(FollowerRow.id, FollowerRow.email).where(
        FollowerRow.request == record.id, FollowerRow.state != "asked"
    )
    known = {row["id"]: row["email"] for row in rows} | await ways_with(record)
    same = {own} | {id for id, each in known.items() if _mailbox(each) == _mailbox(way)}
    return tuple(sorted(REQUESTER.kind if id == record.id else str(id) for id in same))


def _mailbox(email: str) -> str:
    """The mailbox of an address.

    >>> _mailbox("Zoe+ville@Exemple.ca")
    'zoe@exemple.ca'
    """
    name, _, where = email.casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{where}"
