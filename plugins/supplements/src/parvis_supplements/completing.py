"""The requester answers what is to be corrected or added: kept while it is typed, sent once, every version kept."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec import structs

from parvis.db import transaction
from parvis.db.tables import Row
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.amendments import rewrite_listed
from parvis.requests.attached.attachments import audiences_of, bind, kept_of, refit_files, waiting
from parvis.requests.changing import Change, Conflict, Situation, Write, change
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.exclusions import RequestSubject, exclusions_after
from parvis.requests.history import Audience
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record, as_json, locked
from parvis_sdk.events import Amended
from parvis_sdk.fields import AnyField
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.supplement_answers import ALREADY, NO_LONGER, ReadAnswers, SupplementAnswers, read_answers
from parvis_sdk.supplement_rules import is_told
from parvis_sdk.supplements import Supplement
from parvis_sdk.workflow import Denied
from parvis_supplements.lists import SupplementList, last_of, lists_of, write
from parvis_supplements.marking import supplement_of
from parvis_supplements.tables import Supplement as SupplementRow

MOST_DRAFT = 200_000


async def keep_draft(host: Host, listed: SupplementList, record: Record, draft: Mapping[str, Any]) -> None:
    """Keep what was typed, until it is sent or the town no longer waits."""
    body = as_json(draft)
    if len(body) > MOST_DRAFT:
        raise ValueError(f"{len(body)} bytes are more than these questions can ask for")
    async with transaction(host.engine):
        now = await locked(host, record.reference)
        lists = await lists_of(record.id)
        same = next((each for each in lists if each.id == listed.id), None)
        if now is not None and same is not None and same.is_open(now, await type_of_record(host, now)):
            await write(listed.id, {SupplementRow.draft: body, SupplementRow.holder: listed.holder(host)})


async def answer(
    host: Host,
    reference: str,
    code: str,
    given: SupplementAnswers,
    *,
    number: int | None = None,
    actor: Actor = REQUESTER,
    holder: str = "",
) -> Record | Denied | Problems | Conflict:
    """Take in the answer to a list, all of it or, where that is allowed, a part.

    Of two at once the first is the answer, and the second is told so: also when the desk has decided first.
    """
    waits = await waiting(holder) if holder else {}
    return await change(host, reference, partial(_plan, host, code, number, given, actor, holder, waits), actor=actor)


async def _plan(
    host: Host,
    code: str,
    number: int | None,
    given: SupplementAnswers,
    actor: Actor,
    holder: str,
    waits: Mapping[str, Attachment],
    here: Situation,
) -> Change | Denied | Problems:
    supplement = supplement_of(here.request_type, code)
    listed = last_of(await lists_of(here.record.id), code)
    if supplement is None or listed is None or not is_offered(host, here.record):
        return Denied(code="not_from_here", reason=NO_LONGER)
    if not listed.is_open(here.record, here.request_type) or (number is not None and number != listed.number):
        done = listed.state == "answered" or (number is not None and number < listed.number)
        return Denied(code="not_from_here", reason=ALREADY if done else NO_LONGER)
    bound = {each.attachment.id: each.attachment for each in await kept_of(here.record)}
    read = read_answers(
        here.request_type,
        supplement,
        listed.left,
        here.record.answers,
        given,
        files={**bound, **waits},
        today=local_day(here.town.calendar, here.at),
    )
    if isinstance(read, Problems):
        return read
    new = tuple(id for id in read.form_answers.attachments if id not in bound)
    bindings = _bindings(here, read, new, given.files, holder)
    made = _change(host, here, supplement, listed, read, actor, bindings, given)
    subject = RequestSubject(
        request_type=here.request_type, record=structs.replace(here.record, answers=read.form_answers.answers)
    )
    return structs.replace(made, columns=made.columns | await exclusions_after(host, here.town, subject))


def _bindings(
    here: Situation, read: ReadAnswers, new: tuple[str, ...], beside: tuple[str, ...], holder: str
) -> tuple[Write, ...]:
    every = audiences_of(here.request_type.form.fields(), read.form_answers.answers, by_requester=True)
    audiences: dict[str, Audience] = {id: every[id] for id in new} | dict.fromkeys(beside, "requester")
    return (partial(bind, here.record.id, holder, audiences),) if audiences else ()


def _change(
    host: Host,
    here: Situation,
    supplement: Supplement,
    listed: SupplementList,
    read: ReadAnswers,
    actor: Actor,
    bindings: tuple[Write, ...],
    given: SupplementAnswers,
) -> Change:
    answers = read.form_answers.answers
    points = tuple(structs.replace(each, done=each.done or each.point.field in read.done) for each in listed.points)
    whole = all(each.done for each in points)
    row: Row = {SupplementRow.points: as_json(points), SupplementRow.draft: "", SupplementRow.changed_at: here.at}
    row |= {SupplementRow.state: "answered", SupplementRow.next_at: None} if whole else {}
    fact = supplement.fact("answered" if whole else "partly")
    writes: list[Write] = [*bindings, partial(write, listed.id, row)]
    after = structs.replace(here.record, answers=answers)
    writes.append(partial(rewrite_listed, host, here.request_type, after))
    writes.append(partial(refit_files, (here.request_type, here.record), (here.request_type, after)))
    made = happening(
        host,
        here,
        {fact: {}},
        actor=actor,
        writes=tuple(writes),
        tell=is_told(here.request_type, here.record.state, fact),
        body={
            "supplement": supplement.code,
            "number": listed.number,
            "answered": sorted(read.done),
            **({"files": list(given.files)} if given.files else {}),
        },
        personal={
            "before": {"answers": here.record.answers},
            "answers": answers,
            "words": _words(here.request_type, read.words, here.record.language),
            "beside": read.words,
        },
    )
    corrected = Amended(**here.about(actor), changed=("answers",))
    return structs.replace(made, columns={**made.columns, "answers": answers}, events=(*made.events, corrected))


def _words(request_type: RequestType, words: Mapping[str, str], language: str) -> str:
    """What was written beside the points, as one text that is read with the story."""
    fields: dict[str, AnyField] = {field.code: field for field in request_type.form.fields()}
    said = [f"{fields[code].label.to(language)}\n{word}" if code in fields else word for code, word in words.items()]
    return "\n\n".join(said)


ERASURE = ErasureRule(
    personal=(Personal(table="supplement", blank={"draft": ""}),),
    once_removed=(
        Personal(table="supplement", blank={"points": "[]"}, told=("code", "state", "asked_at", "due_on", "points")),
    ),
    typed=("SELECT holder FROM supplement WHERE draft <> ''",),
)
