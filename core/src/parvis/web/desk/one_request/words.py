"""Words about a request, written from its page: for colleagues, for its requester or as they say them; who writes."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.people.agents import agents
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.visibility import sees
from parvis.requests.work.conversation import AT, already_sent, named_in, note, occurrence, receive, reply
from parvis.requests.work.presence import WHILE_TYPING, Presence
from parvis.viewers import viewer_of
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request import uploads
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.case import filled, note_sent
from parvis.web.desk.one_request.forms import CASE, version_in, words_in, wrong, wrong_words
from parvis.web.desk.one_request.moves import preview_of_reply
from parvis.web.desk.one_request.showing import FormAttempt, show_case
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_sdk.problems import Problems, problem


@post(f"{CASE}/note")
async def write_note(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Words for colleagues only."""
    record, sent = await _written(room, reference)
    words = words_in(sent)
    if trouble := wrong_words("note", words):
        return await refused(room, record, "note", {"words": words}, trouble)
    named = await _named(room, record, words)
    if named is None:
        blind = gettext("A person you mentioned cannot see this request. Remove the @ or mention somebody else.")
        return await refused(room, record, "note", {"words": words}, wrong("note-words", blind))
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, "note", {"words": words}, seen)
    answer = await note(room.host, record.reference, words, actor=room.actor, mentions=named, expected=seen)
    return await answered(room, record, "note", {"words": words}, answer, "note")


async def _named(room: DeskContext, record: Record, words: str) -> tuple[str, ...] | None:
    """The colleagues named after an `@`; None when one of them may not see the request."""
    if AT not in words:
        return ()
    people = {one.id: one for one in await agents(room.host.engine, room.town.code) if one.active}
    named = named_in(words, {id: one.name for id, one in people.items()})
    blind = [id for id in named if not sees(viewer_of(people[id]), record, room.host.jurisdictions)]
    return None if blind else named


@post(f"{CASE}/reponse")
async def write_reply(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Words for the requester: sent as they were typed or seen; shown first where asked, or where a text was put in."""
    record, sent = await room.record(reference, "work"), await typed(request)
    words, request_type = words_in(sent), await type_of_record(room.host, record)
    used = sent.all("used")
    aided = await filled(room, record, request_type, words, sent.text if sent.text("_insert") else _nothing)
    sends = bool(sent.text("_send")) and aided.words == words  # what was put in is seen before it is sent
    words, used = aided.words, tuple(dict.fromkeys((*used, *aided.used)))
    values = {"words": words, "used": used}
    held_by = uploads.holder(room, record.reference, "reply")
    waiting, troubles = await uploads.receive_free(room, held_by, sent)
    files = tuple(waiting.values())
    infected = tuple(problem("file_infected", "files", name=one.name) for one in files if one.state == "infected")
    wrong = Problems(found=troubles or infected) if troubles or infected else wrong_words("reply", words)
    if sent.text("_insert") and not troubles:
        return await show_case(room, record, FormAttempt(form="reply", values=values))
    if wrong:
        return await refused(room, record, "reply", values, wrong)
    if not sends:
        preview = preview_of_reply(room, record, words) | {"files": ", ".join(one.name for one in files)}
        return await show_case(room, record, FormAttempt(form="reply", values=values, preview=preview))
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, "reply", values, seen)
    answer = await reply(
        room.host,
        record.reference,
        words,
        actor=room.actor,
        files=tuple(waiting),
        holder=held_by,
        expected=seen,
    )
    if isinstance(answer, Conflict) and not waiting and already_sent(answer, words, room.actor):
        return await answered(room, record, "reply", values, record, "deja-envoyee")
    if isinstance(answer, Record):
        await note_sent(room, record, used)
    return await answered(room, record, "reply", values, answer, "reponse")


def _nothing(field: str) -> str:
    """What is chosen from a list whose button was not pressed."""
    return ""


@post(f"{CASE}/recu")
async def write_received(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """What the requester says by telephone or at the counter, written down for them."""
    record, sent = await _written(room, reference)
    words = words_in(sent)
    if trouble := wrong_words("received", words):
        return await refused(room, record, "received", {"words": words}, trouble)
    await receive(room.host, record.reference, words, actor=room.actor)
    return go(case_path(record.reference) + "?fait=recu#main")


@post(f"{CASE}/evenement")
async def write_occurrence(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """What was reported happened again, as told to somebody at the desk."""
    record, sent = await _written(room, reference)
    form = (await type_of_record(room.host, record)).occurrence
    if form is None:
        raise NotFoundException("This type keeps no log of occurrences.")
    given = sent.values.get("occurrence")
    raw = dict(given) if isinstance(given, dict) else {}
    held_by = uploads.holder(room, record.reference, "occurrence")
    if troubles := await uploads.receive(room, held_by, form.fields(), raw, sent, prefix="occurrence."):
        return await refused(room, record, "occurrence", raw, Problems(found=troubles).within("occurrence"))
    answer = await occurrence(room.host, record.reference, raw, actor=room.actor, holder=held_by)
    if isinstance(answer, Problems):
        return await refused(room, record, "occurrence", raw, answer.within("occurrence"))
    return await answered(room, record, "occurrence", raw, answer, "evenement")


async def _written(room: DeskContext, reference: str) -> tuple[Record, FormInput]:
    """The request, for those who work on it or answer for it at the counter."""
    record = await room.record(reference)
    if not (room.may("work", record) or room.may("intake", record)):
        raise PermissionDeniedException("This needs the right 'work' or 'intake' over the request.")
    return record, await typed(room.request)


@get(f"{CASE}/presence")
async def tell_writers(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Who else writes there now. A page that asks by itself is no look at the request."""
    return _told(room, await room.record(reference, is_look=False))


@post(f"{CASE}/presence", status_code=200)
async def say_writing(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The page of somebody says that words wait in it to be sent, or that none do any more; the same answer."""
    record, sent = await room.record(reference, is_look=False), await typed(request)
    if sent.text("left"):
        room.host.of(Presence).gone(room.viewer, record.reference)
    else:
        room.host.of(Presence).at(room.viewer, record.reference, WHILE_TYPING)
    return _told(room, record)


def _told(room: DeskContext, record: Record) -> Response[Any]:
    words = room.writing([record.reference]).get(record.reference, "")
    return Response({"words": words}, headers={"cache-control": "no-store"})
