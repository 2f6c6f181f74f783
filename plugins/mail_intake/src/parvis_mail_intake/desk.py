"""Mail that stands on no request: read, made a request, put on one, or let go with a reason."""

from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from parvis import clock
from parvis.i18n import gettext, pgettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.changing import NoSuchRequest
from parvis.requests.records import Record, find, those_of
from parvis.requests.visibility import sees
from parvis.requests.work.answer_address import AnswerMailbox
from parvis.web.desk.beginnings import IncomingItem, SheetSource
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, work
from parvis.web.desk.lists.filtering import midnight
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis.web.downloads import SAVING, handed_out
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.shown_files import shown_file
from parvis.web.typed import typed
from parvis_mail_intake import sorting
from parvis_mail_intake.sorting import List, Mail, left_to_sort
from parvis_sdk.fields import LongText, ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

MAIL = "/bureau/courriels"
PAGE = 50
ONE = MAIL + "/{id:str}"
LISTS: dict[str, List] = {"": "open", "indesirables": "junk", "machines": "machines", "traites": "settled"}
LONGEST_REASON = 500


@get(MAIL)
async def show_mails(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """One of the four lists; two statements, however many mails there are."""
    room.demand("intake")
    asked = request.query_params.get("liste", "")
    asked = asked if asked in LISTS else ""
    found = await sorting.mails(
        room.town.code, LISTS[asked], before=_id(request.query_params.get("avant", "")), limit=PAGE + 1
    )
    shown = found[:PAGE]
    return room.show(
        "mail_intake/list.html",
        mails=shown,
        known=await those_of([room.scope("see")], {mail.reference for mail in shown} - {""}),
        asked=asked,
        views=[(words, _list_at(name), name == asked) for name, words in _lists()],
        next_page=_list_at(asked, avant=str(shown[-1].id)) if len(found) > PAGE else "",
        done=request.query_params.get("fait", ""),
        sort_name=sort_name,
    )


@get(ONE)
async def show_mail(room: AtDesk, id: FromPath[str]) -> Response[Any]:
    return await _page(room, await mail_at(room, id))


@get(f"{ONE}/fichiers/{{file:str}}")
async def open_file(room: AtDesk, request: AnyRequest, id: FromPath[str], file: FromPath[str]) -> Stream:
    """A file that came with it, for who decides what becomes of the mail."""
    mail = await mail_at(room, id)
    files = {each.attachment.id: each for each in await sorting.files_of(mail)} if mail.waits else {}
    if file not in files:
        raise NotFoundException("There is no such file.")
    return await handed_out(room.host, files[file], request=request, saving=SAVING in request.query_params)


@post(f"{ONE}/rattachement", status_code=200)
async def attach_mail(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Put it on the request whose reference was typed."""
    mail, sent = await mail_at(room, id), await typed(request)
    reference = sent.text("reference").strip()[:40]
    record = await find(room.host, reference) if reference else None
    if record is None or not _may_take(room, record):
        words = gettext("There is no such request.") if reference else gettext("Enter the reference of a request.")
        return await _page(room, mail, _wrong("reference", words), reference=reference)
    try:
        done = await sorting.attach(room.host, mail, record, actor=room.actor) if mail.waits else False
    except NoSuchRequest:
        done = False
    return go(_list_at("", fait="range") + "#main") if done else too_late(mail)


@post(f"{ONE}/retrait", status_code=200)
async def drop_mail(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Let it go, with a reason that stays."""
    mail, sent = await mail_at(room, id), await typed(request)
    reason = sent.text("reason").strip()
    if not reason or len(reason) > LONGEST_REASON:
        words = gettext("Say why, in a few words.") if not reason else gettext("This is too long.")
        return await _page(room, mail, _wrong("reason", words), reason=reason)
    done = await sorting.drop(room.host, mail, reason, actor=room.actor)
    return go(_list_at("", fait="ecarte") + "#main") if done else too_late(mail)


async def mail_at(room: DeskContext, id: str) -> Mail:
    """The mail of this address, for who takes requests in; what is not there is not there for anybody."""
    room.demand("intake")
    given = _id(id)
    mail = await sorting.mail_of(room.town.code, given) if given else None
    if mail is None:
        raise NotFoundException("There is no such mail.")
    return mail


def too_late(mail: Mail) -> Response[Any]:
    """To what became of it, for who meant to do something with it and was not the first."""
    return go(f"{MAIL}/{mail.id}?fait=trop-tard#main")


async def _page(
    room: DeskContext, mail: Mail, problems: Problems | None = None, *, reference: str = "", reason: str = ""
) -> Response[Any]:
    record = await find(room.host, mail.reference) if mail.reference else None
    reference_label, reason_label = gettext("Reference"), pgettext("mail", "Why it concerns no request")
    return room.show(
        "mail_intake/one.html",
        status=422 if problems else 200,
        mail=mail,
        files=[_shown(mail, each.attachment) for each in await sorting.files_of(mail)] if mail.waits else (),
        went_to=mail.reference if record and _sees(room, record) else "",
        request_path=case_path(mail.reference) if record and _sees(room, record) else "",
        late=room.request.query_params.get("fait", "") == "trop-tard",
        sort_name=sort_name,
        sign_name=sign_name,
        problems=problems,
        reference=reference,
        reason=reason,
        new=[f"{sheet.path}?{SHEET.asked}={mail.id}" for sheet in room.links(SHEET.slot)[:1]],
        reference_field=ShortText(code="reference", label=Text(fr=reference_label, en=reference_label), max_length=40),
        reason_field=LongText(
            code="reason", label=Text(fr=reason_label, en=reason_label), max_length=LONGEST_REASON, rows=2
        ),
    )


def _shown(mail: Mail, file: Attachment) -> dict[str, Any]:
    return shown_file(file, f"{MAIL}/{mail.id}/fichiers/{file.id}")


def _may_take(room: DeskContext, record: Record) -> bool:
    return _sees(room, record) and (room.may("work", record) or room.may("intake", record))


def _sees(room: DeskContext, record: Record) -> bool:
    return record.jurisdiction == room.town.code and sees(room.viewer, record, room.host.jurisdictions)


def sort_name(sort: str) -> str:
    """What it was judged to be."""
    return {
        "reply": pgettext("mail", "answer"),
        "new": pgettext("mail", "new mail"),
        "auto-reply": pgettext("mail", "automatic reply"),
        "bounce": pgettext("mail", "not delivered"),
        "loop": pgettext("mail", "our own mail"),
        "calendar": pgettext("mail", "calendar"),
        "junk": pgettext("mail", "junk"),
    }.get(sort, sort)


def sign_name(why: str) -> str:
    """By which sign it was judged so; what a machine wrote into the mail stays as it is."""
    words = {
        "no sign of a machine": gettext("no sign of a machine"),
        "sent to the address of an answer": gettext("sent to the address of an answer"),
        "its mark is not one of ours, or no longer": gettext("its mark is not one of ours, or no longer"),
        "its requester wrote too much within the hour": gettext("its requester wrote too much within the hour"),
        "its request was destroyed": gettext("its request was destroyed"),
        "it comes from our own address": gettext("it comes from our own address"),
        "names a receiver that could not be reached": gettext("names a receiver that could not be reached"),
        "it has no return path and tells of a failure": gettext("it has no return path and tells of a failure"),
        "it has no return path": gettext("it has no return path"),
        "its subject says so": gettext("its subject says so"),
        "the mail server put it among junk": gettext("the mail server put it among junk"),
        "a newsletter: List-Unsubscribe": gettext("a newsletter: List-Unsubscribe"),
    }
    return words.get(why, why)


def _lists() -> list[tuple[str, str]]:
    return [
        ("", gettext("To sort")),
        ("indesirables", gettext("Junk")),
        ("machines", gettext("Sent by machines")),
        ("traites", pgettext("mail", "Settled")),
    ]


def _list_at(name: str, **more: str) -> str:
    query = urlencode({key: value for key, value in {"liste": name, **more}.items() if value})
    return f"{MAIL}?{query}" if query else MAIL


def _wrong(path: str, words: str) -> Problems:
    return Problems(found=(Problem(path=path, code="wrong", message=Text(fr=words, en=words)),))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def begun(room: DeskContext, id: str) -> IncomingItem:
    """What a mail tells, for the sheet of the request that is made of it."""
    mail = await mail_at(room, id)

    async def settle(record: Record) -> None:
        with suppress(NoSuchRequest):  # put elsewhere or let go a moment ago, by somebody who is named on its page
            await sorting.attach(room.host, mail, record, actor=room.actor)

    return IncomingItem(
        id=str(mail.id),
        waits=mail.waits,
        what=mail.words or mail.subject,
        requester={"name": mail.sender_name, "email": mail.sender},
        channel="email",
        late=partial(too_late, mail),
        settle=settle,
    )


SHEET = SheetSource(name="mail", asked="courriel", find=begun)


def fetches_mail(room: DeskContext) -> bool:
    """Whether this installation takes in the mail that people write."""
    return bool(room.host.of(AnswerMailbox).address)


LINK = PageLink(
    slot="desk.menu",
    path=MAIL,
    after="/bureau/ce-qui-traine",
    text=lambda: gettext("Mail to sort"),
    right="intake",
    when=fetches_mail,
    icon="mail",
    group=work,
)


async def mail_left(room: DeskContext) -> tuple[StalledList, ...]:
    """What came before today."""
    today = midnight(local_day(room.town.calendar, clock.now()), room.town.time_zone)
    stalled = StalledList(
        title=gettext("Mail to sort"),
        meaning=gettext("Came before today, and nobody has said which request it belongs to."),
        href=MAIL,
        found=await left_to_sort(room.town.code, today),
    )
    return (stalled,)


LEFT = StalledSource(
    name="mail",
    after="calls",
    title=lambda: gettext("Mail to sort"),
    right="intake",
    when=fetches_mail,
    find=mail_left,
)
