"""Those who count beside the requester: followers of a request, and people whose own request goes on with it."""

from collections.abc import Sequence

from parvis import clock
from parvis.requests.closing import ClosingQuestion, Opener, VoiceQuestion
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.persons.followers import voices_of
from parvis.requests.records import Record
from parvis.requests.relations.merged import goes_on_with
from parvis_closing_question.standing import closing_of, no_said, saying_no


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
