"""The closing question asked by telephone or at the counter: answered once, and counted like every other.

The answer is the requester's; colleagues also see who wrote it down.
"""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from parvis import clock
from parvis.db.tables import Entry as EntryRow
from parvis.requests.actors import Actor
from parvis.requests.closing import SAYING_NO, SETTLED, UNASKED, ClosingQuestion, asked_in, closing_questions
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.history import Entry, entry_of
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis_sdk.problems import Problems

VoiceAnswer = Literal["yes", "no", "unasked"]
ANSWERS: tuple[VoiceAnswer, ...] = ("yes", "no", "unasked")
# Not asked: people of whom nothing is kept (parts, anonymous requesters), and those who declined.
TO_ASK = """
SELECT c.request FROM contact c JOIN service_request r ON r.id = c.request
LEFT JOIN wish w ON w.jurisdiction = r.jurisdiction AND w.email = lower(c.email) AND c.email <> ''
WHERE c.request IN ({marks}) AND (w.id IS NULL OR w.questions = {{}})
"""
VOICE = "voice:"  # begins the id of a requester whose answer somebody of the town wrote down


async def open_questions(host: Host, records: Collection[Record]) -> dict[UUID, ClosingQuestion]:
    """Of these requests those whose person may be asked now; two statements, none where no state of theirs asks."""
    asking = {each.id: each for each in records if is_offered(host, each) and await _asks(host, each)}
    if not asking:
        return {}
    known = await EntryRow.raw(TO_ASK.format(marks=", ".join(["{}"] * len(asking))), *asking, True)
    asking = {row["request"]: asking[row["request"]] for row in known}
    if not asking:
        return {}
    rows = await EntryRow.select().where(EntryRow.request.is_in(list(asking))).order_by(EntryRow.number)
    past: dict[UUID, list[Entry]] = {}
    for row in rows:
        past.setdefault(row["request"], []).append(entry_of(row))
    now, found = clock.now(), dict[UUID, ClosingQuestion]()
    for id, record in asking.items():
        asked = closing_questions(host, host.jurisdictions.jurisdiction(record.jurisdiction))
        request_type = await type_of_record(host, record)
        closing = asked.standing(request_type, record, past.get(id, ()), now, "requester") if asked else None
        if closing is not None and closing.is_open:
            found[id] = closing
    return found


async def _asks(host: Host, record: Record) -> bool:
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    return record.erased_at is None and bool(asked_in(host, town, await type_of_record(host, record), record.state))


async def answer_by_voice(
    host: Host, record: Record, answer: VoiceAnswer, words: str = "", *, by: Actor
) -> Record | Problems | None:
    """Write down what the person said when they were asked; None where the question has its answer already.

    A no opens the same request again, with all that follows; problems where that asks for more than words.
    """
    closing = (await open_questions(host, (record,))).get(record.id)
    asks = closing_questions(host, host.jurisdictions.jurisdiction(record.jurisdiction))
    if closing is None or asks is None or (answer == "no" and closing.refusal):
        return None
    said_by = Actor(kind="requester", id=f"{VOICE}{by.id}", name=by.name)
    if answer == "no":
        moved = await make_move(
            host,
            record.reference,
            closing.move,
            {"reason": words},
            actor=said_by,
            mover="requester",
            expected=record.version,
        )
        return moved if isinstance(moved, Record | Problems) else None
    said = await asks.answer(host, record.reference, words=words, unasked=answer == "unasked", actor=said_by)
    return said if isinstance(said, Record) else None


def is_by_voice(entry: Entry) -> bool:
    """Whether this is an answer to the question that somebody of the town wrote down."""
    answers = entry.kind in (SETTLED, UNASKED) or entry.body.get("transition") in SAYING_NO
    return answers and entry.actor.id.startswith(VOICE)
