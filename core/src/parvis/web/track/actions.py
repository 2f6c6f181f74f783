"""What a requester does with their request: moves, messages, new occurrences, contact details, silence."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath
from msgspec import structs

from parvis.requests.amendments import change_contact
from parvis.requests.changing import Conflict
from parvis.requests.contacts import contact_of
from parvis.requests.lifecycle import make_move
from parvis.requests.parts.together import possible
from parvis.requests.timeline import story
from parvis.requests.visibility import moves_for
from parvis.requests.work.conversation import occurrence, receive
from parvis.web.addresses import Step, in_each, patterns
from parvis.web.answers import answer_rows
from parvis.web.done_messages import KEPT_ANYWAY
from parvis.web.pages import render
from parvis.web.places import SlotItem
from parvis.web.portal.steps import way_fields, ways_offered
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.storytelling import entry
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address, private
from parvis.web.track.meanwhile import keep_as_message
from parvis.web.track.uploads import files_sent, kept_here, waiting_holder
from parvis.web.track.view import ANSWER, FILES, LANGUAGE, WORDS, show_request, town_told
from parvis.web.typed import FormInput, typed
from parvis_sdk.contact_methods import LETTER, method_of
from parvis_sdk.fields import AnyField
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requesters import EMAIL, NAME, PHONE, POSTAL, read_requester
from parvis_sdk.requests import Requester
from parvis_sdk.workflow import Denied, Transition

AnyRequest = Request[Any, Any, Any]


class MovePage(SlotItem, frozen=True, kw_only=True):
    """What a module has to do with the page on which a requester makes a transition, its `name`; in `tracking.move`.

    `held` opens the request to a person who may make it. `elsewhere` is the address of the page that says why it cannot
    be had, empty while it can; `words` stand above its questions. Once it is made, the page says `done`.
    """

    held: Callable[[Visit, str], Awaitable[TrackedRequest]]
    elsewhere: Callable[[Visit, TrackedRequest], Awaitable[str]]
    words: Callable[[Visit, TrackedRequest], Awaitable[str]]
    done: str


def back_to_request(here: Visit, found: TrackedRequest) -> Response[Any]:
    return see_other(f"{own_address(here, found, *found.page)}#main")


def done_on_request(here: Visit, found: TrackedRequest, what: str = "1") -> Response[Any]:
    """Back on the page of the request, which says first that it is done."""
    return see_other(f"{own_address(here, found, *found.page, fait=what)}#main")


# Moves of the workflow.


@get(patterns(":track", "{reference:str}", ":do", "{code:str}"), name="move-page")
async def move_page(here: AtPortal, reference: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """What a step asks for, before it is made."""
    found = await _held_to_move(here, reference, code)
    move = await offered(here, found, code)
    if move is None:
        return back_to_request(here, found)
    if (page := _page_of(here, code)) and (elsewhere := await page.elsewhere(here, found)):
        return see_other(elsewhere)
    return await show_move(here, found, move)


@post(patterns(":track", "{reference:str}", ":do", "{code:str}"), name="move", status_code=200)
async def move(here: AtPortal, request: AnyRequest, reference: FromPath[str], code: FromPath[str]) -> Response[Any]:
    found = await _held_to_move(here, reference, code)
    wanted = await offered(here, found, code)
    asked = wanted or _of_requester(found, code)
    if asked is None:
        return back_to_request(here, found)
    sent, fields = await typed(request), asked.asks.fields()
    raw = given(fields, sent)
    if problems := await files_sent(here, found, fields, raw, sent):
        return await show_move(here, found, asked, raw, Problems(found=problems))
    if wanted is not None:
        done = await make_move(
            here.host,
            found.record.reference,
            code,
            raw,
            actor=found.actor,
            mover="requester",
            holder=waiting_holder(here, found),
        )
        if isinstance(done, Problems):
            return await show_move(here, found, wanted, raw, done)
        if not isinstance(done, Denied | Conflict):
            page = _page_of(here, code)
            return done_on_request(here, found, page.done if page else "1")
    # It was made already, by a second press, in another tab or by others: the page says how things stand.
    if await keep_as_message(here, found, fields, raw):
        return done_on_request(here, found, KEPT_ANYWAY.name)
    return back_to_request(here, found)


def _of_requester(found: TrackedRequest, code: str) -> Transition | None:
    """The step by that name, from whatever state, if it is one of theirs."""
    move = found.request_type.workflow.transition(code)
    return move if move is not None and "requester" in move.by else None


async def _held_to_move(here: Visit, reference: str, code: str) -> TrackedRequest:
    """For its holder, or for whom else a module opens it."""
    page = _page_of(here, code)
    return await page.held(here, reference) if page else await held_or_redirect(here, reference, "act")


def _page_of(here: Visit, code: str) -> MovePage | None:
    return next((each for each in here.nouns(MovePage, "tracking.move") if each.name == code), None)


async def offered(here: Visit, found: TrackedRequest, code: str) -> Transition | None:
    moves = await possible(
        here.host,
        found.record,
        found.request_type,
        moves_for(here.host, found.record, found.request_type, found.viewer),
    )
    return next((move for move in moves if move.code == code), None)


async def show_move(
    here: Visit,
    found: TrackedRequest,
    wanted: Transition,
    raw: dict[str, Any] | None = None,
    problems: Problems | None = None,
) -> Response[Any]:
    fields = wanted.asks.fields()
    asked = await town_asks(here, found) if wanted.code == ANSWER else None
    page = _page_of(here, wanted.code)
    return await show_form(
        here,
        found,
        "track/move.html",
        fields,
        raw or {},
        problems,
        (":do", wanted.code),
        move=wanted,
        question=asked,
        words=await page.words(here, found) if page else "",
    )


async def town_asks(here: Visit, found: TrackedRequest) -> dict[str, Any] | None:
    """The question of the town that is to be answered, as it stands in the story."""
    line = town_told(await story(here.host, found.record, found.viewer, here.language))
    return entry(line, lambda id: own_address(here, found, ":files", id), mine=True) if line else None


def given(fields: tuple[AnyField, ...], sent: FormInput) -> dict[str, Any]:
    """The answers sent to these questions, and nothing else that came with them."""
    values = {field.code: sent.values.get(field.code) for field in fields}
    return {code: value for code, value in values.items() if value not in (None, "", [], {})}


async def show_form(
    here: Visit,
    found: TrackedRequest,
    template: str,
    fields: tuple[AnyField, ...],
    values: dict[str, Any],
    problems: Problems | None,
    more: tuple[Step, ...],
    query: dict[str, str] | None = None,
    **extra: Any,
) -> Response[Any]:
    return render(
        here.request,
        template,
        status=422 if problems else 409 if extra.get("saved") else 200,
        reference=found.record.reference,
        title=found.request_type.title,
        fields=fields,
        values=values,
        problems=problems,
        kept=await kept_here(here, found, fields, values),
        back=own_address(here, found, *(found.page if more != (":messages",) else ())),
        alternates=in_each(here.town.languages, ":track", found.record.reference, *more, **(query or {})),
        **private(**extra),
    )


# Messages.


@post(patterns(":track", "{reference:str}", ":message"), name="message", status_code=200)
async def message(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Words and files for the town; an answer where the town was waiting for one."""
    found = await held_or_redirect(here, reference, "messages")
    sent = await typed(request)
    raw = given((WORDS, FILES), sent)
    problems = await files_sent(here, found, (FILES,), raw, sent)
    words = read_value(WORDS, raw.get("words"), "words", Reading(), {})
    ids = raw.get("files") or []
    if isinstance(words, Problems) and (problems or raw.get("words") or not ids):
        problems = (*words.found, *problems)
    if problems:
        return await show_request(here, found, problems=Problems(found=problems), values=raw)
    if found.record.erased_at is not None:
        raise NotFoundException("This request takes no messages any more.")
    said = "" if isinstance(words, Problems) or words is NOTHING else str(words)
    reference, holder = found.record.reference, waiting_holder(here, found)
    acts = found.viewer.holds("act")
    await receive(here.host, reference, said, actor=found.actor, files=ids, holder=holder, moves=acts)
    return done_on_request(here, found)


# Occurrences.


@get(patterns(":track", "{reference:str}", ":occurrence"), name="occurrence-page")
async def occurrence_page(here: AtPortal, reference: FromPath[str]) -> Response[Any]:
    found = await held_or_redirect(here, reference)
    return await show_occurrence(here, found)


@post(patterns(":track", "{reference:str}", ":occurrence"), name="occurrence", status_code=200)
async def add_occurrence(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    found = await held_or_redirect(here, reference)
    fields = occurrence_fields(found)
    sent = await typed(request)
    raw = given(fields, sent)
    problems = await files_sent(here, found, fields, raw, sent)
    done = (
        Problems(found=problems)
        if problems
        else await occurrence(here.host, found.record.reference, raw, holder=waiting_holder(here, found))
    )
    if isinstance(done, Problems):
        return await show_occurrence(here, found, raw, done)
    return done_on_request(here, found)


async def show_occurrence(
    here: Visit, found: TrackedRequest, raw: dict[str, Any] | None = None, problems: Problems | None = None
) -> Response[Any]:
    fields = occurrence_fields(found)
    return await show_form(here, found, "track/occurrence.html", fields, raw or {}, problems, (":occurrence",))


def occurrence_fields(found: TrackedRequest) -> tuple[AnyField, ...]:
    if found.request_type.occurrence is None:
        raise NotFoundException("This request keeps no log.")
    return found.request_type.occurrence.fields()


# Contact details and silence.


@get(patterns(":track", "{reference:str}", ":contact"), name="contact-page")
async def contact_page(here: AtPortal, reference: FromPath[str]) -> Response[Any]:
    found = await held_or_redirect(here, reference)
    contact = await contact_of(found.record)
    values = structs.asdict(contact) if contact else {}
    return await show_contact(here, found, {**values, "language": found.record.language})


@post(patterns(":track", "{reference:str}", ":contact"), name="contact", status_code=200)
async def new_contact(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    found = await held_or_redirect(here, reference)
    sent, before = await typed(request), await contact_of(found.record)
    raw = given(contact_fields(here, found, before), sent)
    language = raw.pop("language", found.record.language)
    wish = method_of(before.preferred_channel, here.methods_read) if before is not None else None
    if wish is not None and wish not in ways_offered(here.contact_methods):
        raw.setdefault("preferred_channel", wish.name)  # which nobody is offered here, and keeps
    mode = found.record.identity
    sendable = {**raw, "mode": mode}
    wanted, methods = found.request_type.identity.contact, here.methods_read
    read = read_requester(sendable, (mode,), contact=wanted, methods=methods)  # type: ignore[arg-type]
    if isinstance(read, Problems):
        local = (structs.replace(one, path=one.path.removeprefix("requester.")) for one in read.found)
        return await show_contact(here, found, {**raw, "language": language}, Problems(found=tuple(local)))
    if language not in here.town.languages:
        raise ClientException("The town does not write in that language.")
    changed = await change_contact(here.host, found.record.reference, read, language, expected=sent.version)
    if isinstance(changed, Conflict):
        return await show_contact(here, found, {**raw, "language": language}, overtaken=changed.version)
    if isinstance(changed, Problems):
        return await show_contact(here, found, {**raw, "language": language}, changed)
    return done_on_request(here, found)


async def show_contact(
    here: Visit, found: TrackedRequest, values: dict[str, Any], problems: Problems | None = None, *, overtaken: int = 0
) -> Response[Any]:
    """The form; beside what the town wrote down meanwhile, at version `overtaken`, nothing typed is lost."""
    known = await contact_of(found.record)
    fields = contact_fields(here, found, known)
    saved = known if overtaken else None
    theirs = {**(structs.asdict(saved) if saved else {}), "language": found.record.language}
    return await show_form(
        here,
        found,
        "track/contact.html",
        fields,
        values,
        problems,
        (":contact",),
        version=overtaken or found.record.version,
        saved=answer_rows(fields, {code: value for code, value in theirs.items() if value}, {}) if overtaken else [],
    )


def contact_fields(here: Visit, found: TrackedRequest, known: Requester | None) -> tuple[AnyField, ...]:
    """What may be changed; a postal address only of whom the town writes letters to."""
    posted = known is not None and (known.postal_address or known.preferred_channel == LETTER.name)
    postal: tuple[AnyField, ...] = (POSTAL,) if posted else ()
    name: tuple[AnyField, ...] = () if found.record.identity == "anonymous" else (NAME,)
    language: tuple[AnyField, ...] = (LANGUAGE,) if len(here.town.languages) > 1 else ()
    return (*name, EMAIL, PHONE, *postal, *way_fields(here.contact_methods), *language)
