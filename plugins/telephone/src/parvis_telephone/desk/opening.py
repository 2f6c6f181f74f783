"""Opening a request for somebody at the telephone or the counter: one page that keeps everything at each press."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from litestar import Response, get, post
from msgspec import Struct, structs

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.layers import known_of
from parvis.jurisdictions.places import locate
from parvis.requests.attached.attachments import waiting
from parvis.requests.contacts import methods_read
from parvis.requests.declarations import type_of_record
from parvis.requests.finding import find_types
from parvis.requests.history import entries_of
from parvis.requests.intake import take_in, taken_before
from parvis.requests.lists.nearby import Near, open_around
from parvis.requests.offered import type_of, types_of
from parvis.requests.records import Record, find
from parvis.web.answers import answer_words
from parvis.web.desk.beginnings import IncomingItem
from parvis.web.desk.context import AtDesk, DeskContext, go, title_of
from parvis.web.desk.one_request import uploads
from parvis.web.desk.one_request.contacting import ways_to
from parvis.web.desk.one_request.places import PlaceChoice, PostalOffered, offered, postal_offered, settle
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis.web.value_names import channel_name
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import AnyField, LongText
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requesters import PHONE
from parvis_sdk.requests import Channel
from parvis_sdk.text import Text
from parvis_telephone.callers import Caller, callers
from parvis_telephone.calls import call_back
from parvis_telephone.desk.beginnings import (
    CallerAdvice,
    Origin,
    begun_by,
    begun_with,
    insistence_for,
    origin_in,
    said_about,
)
from parvis_telephone.information_given import inform
from parvis_telephone.known_answers import KnownAnswer, known_answers

NEW = "/bureau/nouvelle"
EVERYTHING = "*"


async def known_here(
    room: DeskContext, request_type: RequestType, requester: Mapping[str, str], place: PlaceChoice
) -> tuple[KnownAnswer, ...]:
    """Answers of the same person, then those at the same address, as far as whoever asks may see them."""
    return await known_answers(
        room.host,
        room.viewer,
        room.town.code,
        request_type,
        email=requester.get("email", ""),
        phone=dialled(requester.get("phone", "")),
        address=str(place.raw.get("address", "")),
        point=place.point,
    )


def taken_over(known: Sequence[KnownAnswer], answers: dict[str, Any], wanted: str) -> dict[str, Any]:
    """The answers on the page, and those of the known ones that were pressed; what was typed stays."""
    chosen = {each.field.code: each.value for each in known if wanted in (each.field.code, EVERYTHING)}
    return {**chosen, **{code: value for code, value in answers.items() if value or code not in chosen}}


def dialled(number: str) -> str:
    """A number as it is kept, from how it stands on the page; empty where it is none."""
    read = read_value(PHONE, number, "phone", Reading(), {})
    return read if isinstance(read, str) else ""


WORDS = {
    "fr": {
        "A": "Alice", "B": "Bernard", "C": "Camille", "D": "Denis", "E": "Édouard", "F": "François", "G": "Gérard",
        "H": "Henri", "J": "Jacques", "K": "Karine", "M": "Marie", "N": "Nicole", "P": "Pierre", "Q": "Québec",
        "R": "Robert", "S": "Suzanne", "T": "Thomas", "V": "Victor", "W": "William", "X": "Xavier", "Y": "Yvonne",
        "Z": "Zoé",
    },
    "en": {
        "A": "Alfa", "B": "Bravo", "C": "Charlie", "D": "Delta", "E": "Echo", "F": "Foxtrot", "G": "Golf",
        "H": "Hotel", "J": "Juliett", "K": "Kilo", "M": "Mike", "N": "November", "P": "Papa", "Q": "Quebec",
        "R": "Romeo", "S": "Sierra", "T": "Tango", "V": "Victor", "W": "Whiskey", "X": "X-ray", "Y": "Yankee",
        "Z": "Zulu",
    },
}  # fmt: skip


class Group(Struct, frozen=True, kw_only=True):
    """A few characters said in one breath, and how to say them."""

    characters: str
    said: str


def spoken(reference: str, language: str) -> tuple[Group, ...]:
    """The groups of a reference in the language of the person who hears them.

    >>> [group.said for group in spoken("7K3M-9QXT-4", "fr")]
    ['7, K comme Karine, 3, M comme Marie', '9, Q comme Québec, X comme Xavier, T comme Thomas', '4']
    """
    words = WORDS.get(language, WORDS["fr"])
    like = "comme" if words is WORDS["fr"] else "as in"

    def say(character: str) -> str:
        return f"{character} {like} {words[character]}" if character in words else character

    groups = reference.split("-")
    return tuple(Group(characters=group, said=", ".join(map(say, group))) for group in groups)


CHANNELS: tuple[Channel, ...] = ("phone", "counter", "mail", "email")
CONTACT = ("mode", "name", "email", "phone", "postal_address", "preferred_channel")
MOST_TYPES = 6


class Sheet(Struct, frozen=True, kw_only=True):
    """Everything on the page: what was typed, and what was found for it."""

    who: str = ""
    what: str = ""
    place: PlaceChoice = PlaceChoice(raw={})
    request_type: RequestType | None = None
    answers: Mapping[str, Any] = {}
    requester: Mapping[str, str] = {}
    language: str = "fr"
    channel: Channel = "phone"
    idempotency_key: str = ""
    people: tuple[Caller, ...] = ()
    near: tuple[Near, ...] = ()
    types: tuple[RequestType, ...] = ()
    rows: Mapping[str, int] = {}
    despite: str = ""
    known: tuple[KnownAnswer, ...] = ()
    call_back: bool = False
    origin: Origin = Origin()
    postal: PostalOffered = PostalOffered()


@get(NEW)
async def show_sheet(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """An empty page; or the receipt of the request just opened."""
    room.demand("intake")
    if reference := request.query_params.get("recu", ""):
        return await _receipt(room, reference)
    if found := await begun_by(room, request.query_params):
        origin, begun = found
        return await _page(room, _sheet_of(room, origin, begun)) if begun.waits else begun.late()
    informed = _channel(request.query_params.get("informe", ""))
    return await _page(
        room,
        Sheet(idempotency_key=secrets.token_urlsafe(12), language=room.town.languages[0], channel=informed or "phone"),
    )


def _sheet_of(room: DeskContext, origin: Origin, begun: IncomingItem) -> Sheet:
    """What it tells, as if it had been said by telephone."""
    requester = {"mode": "named", **begun.requester}
    return Sheet(
        what=begun.what[:1000],
        requester={name: value for name, value in requester.items() if value},
        channel=begun.channel,
        language=room.town.languages[0],
        idempotency_key=begun.id,
        origin=Origin(source=origin.source, id=begun.id),
        types=_found(room, begun.what[:1000]),
    )


@post(NEW, status_code=200)
async def work_on_sheet(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """One press: something looked up, something chosen, or the request opened; all that was typed stays."""
    room.demand("intake")
    sent = await typed(request)
    sheet = await _read(room, sent)
    if sent.text("_informed"):
        return await _informed(room, sheet)
    if not sent.text("_send") or sheet.request_type is None:
        return await _page(room, sheet)
    return await _open(room, sheet, sheet.request_type, sent)


async def _informed(room: DeskContext, sheet: Sheet) -> Response[Any]:
    """Somebody wanted to know something and knows it now: counted, nothing kept, ready for the next one."""
    await inform(
        room.host,
        room.town,
        type=sheet.request_type.code if sheet.request_type else "",
        zone=locate(room.town, *sheet.place.point).zone if sheet.place.point else "",
        channel=sheet.channel,
        idempotency_key=sheet.idempotency_key,
    )
    return go(f"{NEW}?informe={sheet.channel}")


async def _read(room: DeskContext, sent: FormInput) -> Sheet:
    who, what = sent.text("who")[:200], sent.text("what")[:1000]
    settled = await settle(room.host, room.town, sent.values.get("place"), sent.text("mark"), sent.text("_address"))
    people = await callers(room.scope("contacts"), who)
    request_type = type_of(room.host, room.town, sent.text("_type") or sent.text("type"))
    near: tuple[Near, ...] = ()
    if settled.point is not None:
        near = await open_around(room.scope("see"), *settled.point)
    picked = next((one for one in people if sent.text("_person") in one.references), None)
    answers = sent.values.get("answers")
    requester = _requester(sent, picked, request_type)
    known = await known_here(room, request_type, requester, settled) if request_type else ()
    answers = taken_over(known, answers if isinstance(answers, dict) else {}, sent.text("_known"))
    added = sent.text("_add")
    rows = {added: _rows(answers, added) + 1} if added else {}
    return Sheet(
        who=who,
        what=what,
        place=settled,
        request_type=request_type,
        answers=_with_words(request_type, answers, what),
        requester=requester,
        known=tuple(each for each in known if not answers.get(each.field.code)),
        language=_language(room, sent, picked),
        channel=_channel(sent.text("channel")) or "phone",
        idempotency_key=sent.text("once")[:40] or secrets.token_urlsafe(12),
        people=people,
        near=near,
        types=_found(room, what),
        rows=rows,
        despite=sent.text("despite"),
        call_back=bool(sent.text("call_back")),
        origin=origin_in(room, sent.text),
        postal=await postal_offered(
            room, requester.get("postal_address", ""), str(settled.raw.get("address", "")) if request_type else ""
        ),
    )


def _found(room: DeskContext, what: str) -> tuple[RequestType, ...]:
    offered = types_of(room.host, room.town)
    return tuple(hit.request_type for hit in find_types(room.host, offered, what, MOST_TYPES)) if what.strip() else ()


def _channel(asked: str) -> Channel | None:
    return next((one for one in CHANNELS if one == asked), None)


def _rows(answers: Any, name: str) -> int:
    given = answers.get(name.partition(".")[2]) if isinstance(answers, dict) else None
    return len(given) if isinstance(given, list) else 1


def _with_words(request_type: RequestType | None, answers: dict[str, Any], what: str) -> dict[str, Any]:
    """The words the type was found by are also the description, until somebody writes another one."""
    description = (
        next((field for field in request_type.form.fields() if isinstance(field, LongText)), None)
        if request_type
        else None
    )
    if description is None or answers.get(description.code) or not what.strip():
        return answers
    return {**answers, description.code: what.strip()}


def _requester(sent: FormInput, picked: Caller | None, request_type: RequestType | None) -> dict[str, str]:
    given = sent.values.get("requester")
    kept = {name: str(given[name]) for name in CONTACT if given.get(name)} if isinstance(given, dict) else {}
    if picked is not None:
        kept |= {
            "name": picked.name,
            "email": picked.email,
            "phone": picked.phone,
            "postal_address": picked.postal_address,
            "preferred_channel": picked.preferred_channel,
        }
    if postal := sent.text("_postal"):
        kept["postal_address"] = postal
    if request_type is not None and kept.get("mode") not in request_type.identity.modes:
        kept["mode"] = request_type.identity.modes[0]
    return kept


def _language(room: DeskContext, sent: FormInput, picked: Caller | None) -> str:
    wanted = picked.language if picked else sent.text("language")
    return wanted if wanted in room.town.languages else room.town.languages[0]


async def _open(room: DeskContext, sheet: Sheet, request_type: RequestType, sent: FormInput) -> Response[Any]:
    held_by, idempotency_key = (
        uploads.holder(room, sheet.idempotency_key, "new"),
        f"desk:{room.person.id}:{sheet.idempotency_key}",
    )
    begun = await begun_with(room, sheet.origin)
    if begun is not None:
        idempotency_key = sheet.origin.idempotency_key
    fingerprint = _fingerprint(sent) if begun is None else ""  # of one thing one request is made, whatever is typed
    # By a press whose answer never came back; or for somebody else, on a page that was taken back in the browser.
    before = await taken_before(room.host, room.town, idempotency_key, fingerprint)
    if isinstance(before, Receipt):
        return await _opened(room, sheet, before.reference, begun)
    if before is not None:
        return await _sent_before(room, sheet, idempotency_key)
    if begun is not None and not begun.waits:
        return begun.late()
    answers = dict(sheet.answers)
    troubles = await uploads.receive(room, held_by, request_type.form.fields(), answers, sent, prefix="answers.")
    found = [Problem(path=f"answers.{one.path}", code=one.code, message=one.message) for one in troubles]
    if sheet.place.problem is not None and request_type.place.need != "none" and sheet.place.raw:
        found.append(sheet.place.problem)
    if sheet.call_back and not sheet.requester.get("phone"):
        found.append(problem("required", "requester.phone", label=PHONE.label))
    anonymous = sheet.requester.get("mode") == "anonymous"
    requester = {name: value for name, value in sheet.requester.items() if not (anonymous and name == "name")}
    raw = {"language": sheet.language, "answers": answers, "place": sheet.place.raw, "requester": requester}
    files = await waiting(held_by)
    submission = request_type.read(
        raw,
        channel=sheet.channel,
        today=local_day(room.town.calendar, clock.now()),
        attachments=files,
        known=partial(known_of, room.town),
        methods=methods_read(room.host, room.town),
    )
    if isinstance(submission, Problems) or found:
        more = submission.found if isinstance(submission, Problems) else ()
        known = {one.path for one in found}
        problems = Problems(found=(*found, *(one for one in more if one.path not in known)))
        return await _page(room, sheet, problems)
    despite = insistence_for(sheet.despite)
    answer = await take_in(
        room.host,
        room.town,
        submission,
        actor=room.actor,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        holder=held_by,
        insistence=despite,
    )
    if isinstance(answer, Receipt):
        return await _opened(room, sheet, answer.reference, begun)
    return await _page(room, sheet, answer)


def _fingerprint(sent: FormInput) -> str:
    """What tells one sheet that is sent twice from another one that is typed over it."""
    told = [sent.values.get(name) for name in ("type", "what", "requester", "place", "answers")]
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


async def _sent_before(room: DeskContext, sheet: Sheet, idempotency_key: str) -> Response[Any]:
    """Nobody is given the number of somebody else: all that was typed stays, and the next press opens a request."""
    first = await taken_before(room.host, room.town, idempotency_key, None)
    words = gettext("Request %(reference)s was opened by this page before. Send it again to open another one.") % {
        "reference": first.reference if isinstance(first, Receipt) else ""
    }
    problems = Problems(found=(Problem(path="", code="once_reused", message=Text(fr=words, en=words)),))
    fresh = structs.replace(sheet, idempotency_key=secrets.token_urlsafe(12))
    return await _page(room, fresh, problems, status=409)


async def _opened(room: DeskContext, sheet: Sheet, reference: str, begun: IncomingItem | None) -> Response[Any]:
    """To the receipt; what the request was made of goes with it, whole and with its files, and the call that the
    person asked for, also where the first press was cut off before."""
    record = await find(room.host, reference)
    if sheet.call_back and record and record.erased_at is None and await _is_theirs(room, record):
        await call_back(room.host, reference, sheet.what, actor=room.actor, from_the_sheet=True)
    if begun is None or record is None:
        return go(f"{NEW}?recu={reference}")
    if not await _is_theirs(room, record):
        return begun.late()
    if begun.waits:
        await begun.settle(record)
    return go(f"{NEW}?recu={reference}")


async def _page(
    room: DeskContext, sheet: Sheet, problems: Problems | None = None, *, status: int = 422
) -> Response[Any]:
    request_type = sheet.request_type
    files = await waiting(uploads.holder(room, sheet.idempotency_key, "new")) if request_type else {}
    return room.show(
        "telephone/new.html",
        status=status if problems else 200,
        sheet=sheet,
        assets=offered(room.town, request_type, sheet.place),
        problems=problems,
        informed="informe" in room.request.query_params,
        fields=request_type.form.fields() if request_type else (),
        said=await said_about(room, request_type, sheet.place.raw, sheet.answers) if request_type else CallerAdvice(),
        kept=_kept(request_type.form.fields(), sheet.answers, files) if request_type else {},
        all_types=types_of(room.host, room.town),
        channels=[(channel, channel_name(channel)) for channel in CHANNELS],
        ways_to=ways_to(room, sheet.requester.get("preferred_channel", "")),
        modes=[(mode, _mode_name(mode)) for mode in (request_type.identity.modes if request_type else ())],
        languages=[(code, i18n.language_title(code)) for code in room.town.languages],
        phone=_phone(sheet.requester.get("phone", "")),
        ways=lambda one: " · ".join(part for part in (_phone(one.phone), one.email, one.last_address) if part),
        type_title=lambda code: title_of(room, code),
        said_answer=answer_words,
    )


def _phone(number: str) -> str:
    return i18n.format_phone(number) if number.startswith("+") else number


def _mode_name(mode: str) -> str:
    words = {
        "named": gettext("Named"),
        "confidential": gettext("Confidential: only by a reveal"),
        "anonymous": gettext("Anonymous: no name is kept"),
    }
    return words[mode]


def _kept(fields: tuple[AnyField, ...], answers: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, list[Any]]:
    named = {field.code: answers.get(field.code) for field in fields}
    return {
        f"answers.{code}": [files[id] for id in value if id in files]
        for code, value in named.items()
        if isinstance(value, list) and all(isinstance(id, str) for id in value)
    }


async def _receipt(room: DeskContext, reference: str) -> Response[Any]:
    """What to tell the person before they hang up; for whoever opened the request, even where it went elsewhere."""
    record = await find(room.host, reference)
    if record is None or not await _is_theirs(room, record):
        record = await room.record(reference)
    request_type = await type_of_record(room.host, record)
    return room.show(
        "telephone/receipt.html",
        record=record,
        title=request_type.title,
        spoken=spoken(record.reference, record.language),
        visible=room.may("see", record),
    )


async def _is_theirs(room: DeskContext, record: Record) -> bool:
    first = (await entries_of(record))[0]
    return record.jurisdiction == room.town.code and first.actor.kind == "agent" and first.actor.id == room.person.id


LINK = PageLink(
    slot="desk.new",
    path=NEW,
    text=lambda: gettext("New request"),
    right="intake",
    icon="plus",
)
