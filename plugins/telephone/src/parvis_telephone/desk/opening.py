"""Opening a request for somebody at the telephone or the counter: one page that keeps everything at each press."""

import hashlib
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any, get_args

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from msgspec import Struct, structs

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.layers import known_of
from parvis.jurisdictions.places import locate
from parvis.modules import part
from parvis.requests.attached.attachments import waiting
from parvis.requests.contacts import methods_read
from parvis.requests.finding import find_types
from parvis.requests.intake import take_in, taken_before
from parvis.requests.lists.nearby import Near, open_around
from parvis.requests.offered import declares, types_for
from parvis.requests.records import find
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
from parvis_sdk.request_types import RequestType
from parvis_sdk.requesters import NAME, PHONE
from parvis_sdk.requests import Channel, Requester
from parvis_sdk.text import Text
from parvis_telephone.announced_calls import announced, ringing
from parvis_telephone.callers import Caller, dialled
from parvis_telephone.calls import call_back
from parvis_telephone.desk.adding import JOINING, joinable, joins, refused_to_join, type_for
from parvis_telephone.desk.beginnings import (
    CallerAdvice,
    Origin,
    begun_by,
    begun_with,
    insistence_for,
    origin_in,
    said_about,
)
from parvis_telephone.desk.known_here import known_here, taken_over
from parvis_telephone.desk.looking_up import Found, look_up, said_of_oneself
from parvis_telephone.desk.place_in_words import place_in
from parvis_telephone.desk.receipt import keep_call, opened_by_them, show_receipt
from parvis_telephone.desk.ringing import LIVE_CALLS
from parvis_telephone.information_given import inform
from parvis_telephone.known_answers import KnownAnswer
from parvis_telephone.wishes import NONE, Wish, latest_wish

NEW = "/bureau/nouvelle"


NOT_HEARD = ("portal", "api", "open311")  # how nobody reaches a person of the town
CHANNELS: tuple[Channel, ...] = ("phone", *(each for each in get_args(Channel) if each not in ("phone", *NOT_HEARD)))
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
    found: Found = Found()
    person: str = ""
    near: tuple[Near, ...] = ()
    types: tuple[RequestType, ...] = ()
    rows: Mapping[str, int] = {}
    despite: str = ""
    known: tuple[KnownAnswer, ...] = ()
    call_back: bool = False
    origin: Origin = Origin()
    into: str = ""
    call: str = ""
    note: str = ""
    wish: Wish = NONE
    postal: PostalOffered = PostalOffered()
    is_begun: bool = False  # with a type already chosen: what is left is to look it over and to open it


@get(NEW)
async def show_sheet(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """An empty page; or the receipt of the request just opened."""
    room.demand("intake")
    if reference := request.query_params.get("recu", ""):
        return await show_receipt(room, reference, request.query_params.get("avec", "")[:20])
    if found := await begun_by(room, request.query_params):
        origin, begun = found
        chosen = request.query_params.get("type", "")[:60]
        return await _page(room, await _sheet_of(room, origin, begun, chosen)) if begun.waits else begun.late()
    if asked := request.query_params.get("appel", "") or request.query_params.get("who", ""):
        return await _page(room, await _sheet_of_call(room, asked, "appel" in request.query_params))
    informed = _channel(request.query_params.get("informe", ""))
    return await _page(
        room,
        Sheet(idempotency_key=secrets.token_urlsafe(12), language=room.town.languages[0], channel=informed or "phone"),
    )


async def _sheet_of(room: DeskContext, origin: Origin, begun: IncomingItem, chosen: str) -> Sheet:
    """What it tells, as if it had been said by telephone: of the type that was chosen, at the place that it names."""
    what = begun.what[:1000]
    request_type = type_for(room, chosen) if chosen else None
    modes = request_type.identity.modes if request_type else ("named",)
    wanted = "named" if begun.requester.get("name") else "anonymous"  # who wrote no name is not asked for one
    mode = next((each for each in (wanted, "named") if each in modes), modes[0])
    requester = {"mode": mode, **begun.requester}
    place = await place_in(room.host, room.town, what)
    return Sheet(
        what=what,
        place=place,
        request_type=request_type,
        answers=_with_words(request_type, {}, what),
        near=await open_around(room.scope("see"), *place.point) if place.point is not None else (),
        requester={name: value for name, value in requester.items() if value},
        channel=begun.channel,
        language=room.town.languages[0],
        idempotency_key=begun.id,
        origin=Origin(source=origin.source, id=begun.id),
        types=_found(room, what),
        is_begun=request_type is not None,
    )


async def _sheet_of_call(room: DeskContext, asked: str, is_call: bool) -> Sheet:
    """Who calls, by the call that was announced or by what a telephone system wrote into the address of the page.

    One person whom that number is known of is filled in at once, with what they wished the last time.
    """
    call = await announced(room.town, room.person.id, asked) if is_call else None
    number = call.number if call else "" if is_call else dialled(asked[:60])
    who = _phone(number) if number else "" if is_call else asked[:200]
    found = await look_up(room, number or who)
    one = found.people[0] if len(found.people) == 1 and not found.near else None
    requester = _of_caller(one) if one else {"phone": number} if number else {}
    return Sheet(
        who=who,
        found=found,
        person=one.references[0] if one else "",
        requester=requester,
        wish=await latest_wish(one.references) if one else NONE,
        language=one.language if one and one.language in room.town.languages else room.town.languages[0],
        idempotency_key=secrets.token_urlsafe(12),
        call=str(call.id) if call else "",
    )


@post(NEW, status_code=200)
async def work_on_sheet(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """One press: something looked up, something chosen, or the request opened; all that was typed stays."""
    room.demand("intake")
    sent = await typed(request)
    sheet = await _read(room, sent)
    if sent.text("_informed"):
        return await _informed(room, sheet)
    if joined := sent.text("_join"):
        return await _join(room, sheet, joined, sent)
    if not sent.text("_send") or sheet.request_type is None:
        return await _page(room, sheet)
    return await _open(room, sheet, sheet.request_type, sent)


async def _join(room: DeskContext, sheet: Sheet, reference: str, sent: FormInput) -> Response[Any]:
    """The person says what another request says: theirs is opened with its place and answers, and goes on with it."""
    other = await room.record(reference)
    request_type = type_for(room, other.type)
    if request_type is None or not joins(room):
        raise NotFoundException("Nobody can be added to this request.")
    joining: Any = part(JOINING)
    alike = await joining.said_alike(room.host, request_type, other)
    answers = {**alike, **_with_words(request_type, dict(sheet.answers), sheet.what)}
    mode = sheet.requester.get("mode")
    mode = mode if mode in request_type.identity.modes else request_type.identity.modes[0]
    joined = structs.replace(
        sheet,
        request_type=request_type,
        into=other.reference,
        place=PlaceChoice(raw=dict(joining.place_alike(other))),
        answers=answers,
        requester={**sheet.requester, "mode": mode},
    )
    if refused := await refused_to_join(room, other.reference, request_type, Requester(mode="anonymous")):
        return await _page(room, sheet, refused)
    if not any(joined.requester.get(name) for name in ("name", "email", "phone", "postal_address")):
        return await _page(room, joined, Problems(found=(problem("required", "requester.name", label=NAME.label),)))
    return await _open(room, joined, request_type, sent)


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
    found = await look_up(room, who)
    request_type = type_for(room, sent.text("_type") or sent.text("type"))
    near: tuple[Near, ...] = ()
    if settled.point is not None:
        near = await open_around(room.scope("see"), *settled.point)
    picked = found.person(sent.text("_person"))
    chosen = picked or (None if sent.text("_anew") else found.person(sent.text("person")))
    answers = sent.values.get("answers")
    requester = _requester(sent, picked, request_type)
    if chosen is None and (sent.text("_type") or sent.text("_join")):
        requester = {**said_of_oneself(who), **requester}
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
        found=found,
        person=chosen.references[0] if chosen else "",
        near=near,
        types=_found(room, what),
        rows=rows,
        despite=sent.text("despite"),
        call_back=bool(sent.text("call_back")),
        origin=origin_in(room, sent.text),
        call=sent.text("call")[:40],
        note=sent.text("note")[:2000],
        wish=await latest_wish(picked.references) if picked else _wish(sent),
        into="" if sent.text("_type") else sent.text("into")[:20],
        postal=await postal_offered(
            room, requester.get("postal_address", ""), str(settled.raw.get("address", "")) if request_type else ""
        ),
    )


def _wish(sent: FormInput) -> Wish:
    return Wish(hours=sent.text("hours")[:200], large_print=bool(sent.text("large_print")))


def _found(room: DeskContext, what: str) -> tuple[RequestType, ...]:
    offered = types_for(room.host, room.viewer, room.town)
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
        kept |= _of_caller(picked)
    if postal := sent.text("_postal"):
        kept["postal_address"] = postal
    if request_type is not None and kept.get("mode") not in request_type.identity.modes:
        kept["mode"] = request_type.identity.modes[0]
    return kept


def _of_caller(one: Caller) -> dict[str, str]:
    return {
        "name": one.name,
        "email": one.email,
        "phone": one.phone,
        "postal_address": one.postal_address,
        "preferred_channel": one.preferred_channel,
    }


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
    if sheet.into and (refused := await refused_to_join(room, sheet.into, request_type, submission.requester)):
        return await _page(room, structs.replace(sheet, into=""), refused)
    despite = insistence_for(sheet.despite or sheet.into)
    answer = await take_in(
        room.host,
        room.town,
        submission,
        actor=room.actor,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        holder=held_by,
        insistence=despite,
        declares=declares(room.host, room.viewer, room.town),
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
    words = gettext("Request %(reference)s has already been opened from this page. Send again to open another one.") % {
        "reference": first.reference if isinstance(first, Receipt) else ""
    }
    problems = Problems(found=(Problem(path="", code="once_reused", message=Text(fr=words, en=words)),))
    fresh = structs.replace(sheet, idempotency_key=secrets.token_urlsafe(12))
    return await _page(room, fresh, problems, status=409)


async def _opened(room: DeskContext, sheet: Sheet, reference: str, begun: IncomingItem | None) -> Response[Any]:
    """To the receipt; what the request was made of goes with it, whole and with its files, and the call that the
    person asked for, also where the first press was cut off before."""
    record = await find(room.host, reference)
    if sheet.call_back and record and record.erased_at is None and await opened_by_them(room, record):
        await call_back(room.host, reference, sheet.what, actor=room.actor, from_the_sheet=True)
    receipt = f"{NEW}?recu={reference}"
    if record is not None and record.erased_at is None and await opened_by_them(room, record):
        await keep_call(room, record, sheet.call, sheet.note, sheet.wish)
    if record is None or not await opened_by_them(room, record):
        return go(receipt) if begun is None or record is None else begun.late()
    if sheet.into:
        joining: Any = part(JOINING)
        await joining.go_on_with(room.host, room.viewer, reference, sheet.into, actor=room.actor)
        receipt = f"{receipt}&avec={sheet.into}"
    if begun is not None and begun.waits:
        await begun.settle(record)
    return go(receipt)


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
        is_asked=any(each.required and each.code not in sheet.answers for each in request_type.form.fields())
        if request_type
        else False,
        said=await said_about(room, request_type, sheet.place.raw, sheet.answers) if request_type else CallerAdvice(),
        kept=_kept(request_type.form.fields(), sheet.answers, files) if request_type else {},
        all_types=types_for(room.host, room.viewer, room.town),
        channels=[(channel, channel_name(channel)) for channel in CHANNELS],
        ways_to=ways_to(room, sheet.requester.get("preferred_channel", "")),
        modes=[(mode, _mode_name(mode)) for mode in (request_type.identity.modes if request_type else ())],
        languages=[(code, i18n.language_title(code)) for code in room.town.languages],
        phone=_phone(sheet.requester.get("phone", "")),
        ways=lambda one: " · ".join(part for part in (_phone(one.phone), one.email, one.last_address) if part),
        type_title=lambda code: title_of(room, code),
        state_title=lambda code, state: _state_title(room, code, state),
        chosen=sheet.found.person(sheet.person),
        joinable=await joinable(room, sheet.near, sheet.found.requests),
        ringing=await ringing(room.town, room.person.id),
        live=LIVE_CALLS,
        said_answer=answer_words,
    )


def _state_title(room: DeskContext, code: str, state: str) -> str:
    """What a state is called today; nothing once its type is gone or names it no more."""
    request_type = room.host.plugins.request_type(code)
    states = request_type.workflow.states if request_type else ()
    return next((each.title.to(room.language) for each in states if each.code == state), "")


def _phone(number: str) -> str:
    return i18n.format_phone(number) if number.startswith("+") else number


def _mode_name(mode: str) -> str:
    words = {
        "named": gettext("Named"),
        "confidential": gettext("Confidential: reason required to view"),
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


LINK = PageLink(
    slot="desk.new",
    path=NEW,
    guide="docs/calls-and-letters#a-request-for-a-caller",
    text=lambda: gettext("New request"),
    right="intake",
    icon="plus",
)
