"""The requester answers what is to be corrected or added: kept while it is typed, sent once, every version kept."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec import Struct, structs

from parvis.db import transaction
from parvis.db.tables import Row
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.amendments import rewrite_listed
from parvis.requests.attached.attachments import audiences_of, bind, kept_of, refit_files, waiting
from parvis.requests.changing import Change, Conflict, Situation, Write, change
from parvis.requests.declarations import is_offered
from parvis.requests.exclusions import RequestSubject, exclusions_after
from parvis.requests.history import Audience
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record, as_json, locked
from parvis_sdk.cleaning import clean
from parvis_sdk.events import Amended
from parvis_sdk.fields import AnyField, File, Photo
from parvis_sdk.forms import FormAnswers, raw_of, with_facts_of
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.supplements import Supplement
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_supplements.lists import SupplementList, is_told, last_of, lists_of, write
from parvis_supplements.marking import supplement_of
from parvis_supplements.tables import Supplement as SupplementRow

MOST_WORDS = 4000
MOST_DRAFT = 200_000
ALREADY = Text(
    fr="Cette réponse a déjà été envoyée. Elle se trouve dans le suivi de votre requête.",
    en="This answer was sent already. You find it on the page of your request.",
)
NO_LONGER = Text(
    fr="La Ville n’attend plus cette réponse\u00a0: elle a avancé dans l’étude de la requête. Si ce que vous apportez "
    "change quelque chose, écrivez-nous par un message.",
    en="The town no longer waits for this answer: it has gone on with the request. If what you bring changes "
    "anything, send us a message.",
)
AS_BEFORE = Text(
    fr="«\u00a0{label}\u00a0»\u00a0: la réponse est la même qu’avant. Corrigez-la, ou dites pourquoi elle reste ainsi.",
    en="“{label}”: the answer is the same as before. Correct it, or say why it stays so.",
)
SOMETHING = Text(fr="Écrivez votre réponse, ou joignez un fichier.", en="Write your answer, or attach a file.")
ONE_AT_LEAST = Text(fr="Corrigez au moins un point avant d’envoyer.", en="Correct at least one point before you send.")
OTHER = "_other"


class SupplementAnswers(Struct, frozen=True, kw_only=True):
    """What a requester sends: raw answers by question, a word beside each, files of old that stay beside new ones.

    `files` go with the point that is about no question, whose word stands under `OTHER`.
    """

    raw: Mapping[str, Any] = {}
    words: Mapping[str, str] = {}
    beside: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()


class Read(Struct, frozen=True, kw_only=True):
    """What was understood: the answers as they now are, and which points are thereby answered."""

    form_answers: FormAnswers
    done: frozenset[str]
    words: dict[str, str]


async def keep_draft(host: Host, listed: SupplementList, record: Record, draft: Mapping[str, Any]) -> None:
    """Keep what was typed, until it is sent or the town no longer waits."""
    body = as_json(draft)
    if len(body) > MOST_DRAFT:
        raise ValueError(f"{len(body)} bytes are more than these questions can ask for")
    async with transaction(host.engine):
        now = await locked(host, record.reference)
        lists = await lists_of(record.id)
        same = next((each for each in lists if each.id == listed.id), None)
        if now is not None and same is not None and same.is_open(now):
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

    Of two that come at once the first is the answer, and the second hears so: also when the desk has decided first.
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
    if not listed.is_open(here.record) or (number is not None and number != listed.number):
        done = listed.state == "answered" or (number is not None and number < listed.number)
        return Denied(code="not_from_here", reason=ALREADY if done else NO_LONGER)
    bound = {each.attachment.id: each.attachment for each in await kept_of(here.record)}
    read = _read(here, supplement, listed, given, {**bound, **waits})
    if isinstance(read, Problems):
        return read
    new = tuple(id for id in read.form_answers.attachments if id not in bound)
    bindings = _bindings(here, read, new, given.files, holder)
    made = _change(host, here, supplement, listed, read, actor, bindings, given)
    subject = RequestSubject(
        request_type=here.request_type, record=structs.replace(here.record, answers=read.form_answers.answers)
    )
    return structs.replace(made, columns=made.columns | await exclusions_after(host, here.town, subject))


def _read(
    here: Situation,
    supplement: Supplement,
    listed: SupplementList,
    given: SupplementAnswers,
    files: Mapping[str, Attachment],
) -> Read | Problems:
    request_type, before = here.request_type, here.record.answers
    marked = {point.field for point in listed.left}
    raw = with_facts_of(request_type.form.fields(), _laid_over(request_type, before, given, marked), before)
    words = {code: said for code, word in given.words.items() if (said := clean(word).strip()[:MOST_WORDS])}
    form_answers = request_type.form.read(raw, attachments=files)
    if isinstance(form_answers, Problems):
        return form_answers
    changed = {code for code in marked if form_answers.answers.get(code) != before.get(code)}
    done = changed | {code for code in marked if words.get(code or OTHER)}
    done |= {""} if "" in marked and given.files else set()
    found = _judged_today(here, changed, raw, form_answers, files)
    if not supplement.partial:
        found += [_unanswered(request_type, code) for code in _in_order(listed) if code not in done]
    elif not done:
        found.append(Problem(path="", code="as_before", message=ONE_AT_LEAST))
    if found:
        return Problems(found=tuple(found))
    return Read(form_answers=form_answers, done=frozenset(done), words=words)


def _unanswered(request_type: RequestType, code: str) -> Problem:
    field = request_type.form.field(code)
    message = AS_BEFORE.format(label=field.label) if field is not None else SOMETHING
    return Problem(path=code or OTHER, code="as_before", message=message)


def _in_order(listed: SupplementList) -> list[str]:
    return [point.field for point in listed.left]


def _laid_over(
    request_type: RequestType, before: Mapping[str, Any], given: SupplementAnswers, marked: set[str]
) -> dict[str, Any]:
    """What was answered with what is sent over it: marked questions, and those that only their answers bring up."""
    raw = raw_of(request_type.form.fields(), before)
    for field in request_type.form.fields():
        code = field.code
        if code not in given.raw or (code not in marked and code in before):
            continue
        raw[code] = _files_over(before.get(code), given, code) if isinstance(field, Photo | File) else given.raw[code]
    return {code: value for code, value in raw.items() if value not in (None, "", [], {})}


def _files_over(before: Any, given: SupplementAnswers, code: str) -> list[str]:
    """New files in place of those before, or after them; no new ones, and those before stay."""
    sent = given.raw[code]
    new = [sent] if isinstance(sent, str) else [one for one in sent or () if isinstance(one, str)]
    old = [one for one in before or () if one not in new]
    return [*old, *new] if code in given.beside or not new else new


def _judged_today(
    here: Situation,
    changed: set[str],
    raw: Mapping[str, Any],
    form_answers: FormAnswers,
    files: Mapping[str, Attachment],
) -> list[Problem]:
    """What is wrong with a corrected answer on this day; those of before were judged on theirs."""
    reading = Reading(today=local_day(here.town.calendar, here.at), attachments=files)
    found: list[Problem] = []
    for code in changed:
        field = here.request_type.form.field(code)
        if field is None or code not in form_answers.answers:
            continue
        value = read_value(field, raw.get(code), code, reading, form_answers.answers)
        if value is not NOTHING and isinstance(value, Problems):
            found += value.found
    return found


def _bindings(
    here: Situation, read: Read, new: tuple[str, ...], beside: tuple[str, ...], holder: str
) -> tuple[Write, ...]:
    every = audiences_of(here.request_type.form.fields(), read.form_answers.answers, by_requester=True)
    audiences: dict[str, Audience] = {id: every[id] for id in new} | dict.fromkeys(beside, "requester")
    return (partial(bind, here.record.id, holder, audiences),) if audiences else ()


def _change(
    host: Host,
    here: Situation,
    supplement: Supplement,
    listed: SupplementList,
    read: Read,
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
