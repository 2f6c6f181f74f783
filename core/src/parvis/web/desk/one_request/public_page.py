"""The public page of a request at the desk: words to publish, reports about it, hiding it and showing it again."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from parvis.i18n import gettext, say
from parvis.requests.public_words import free_answers, public_place_words, typed_place, words_are_public, words_wait
from parvis.requests.publishing import MOST_WORDS, hide_page, keep_page, publish_words, show_page, take_words_back
from parvis.requests.records import Record
from parvis.requests.reported_pages import ReportedPage, keepers_of_reports
from parvis.web.answers import answer_words
from parvis.web.desk.context import AtDesk, DeskContext, waiting_at
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE, version_in, words_in, wrong
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_sdk.fields import AnyField, Group
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment

FORM = "page"


@post(f"{CASE}/page-publique", status_code=200)
async def change_page(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Publish words or take them back, hide the page or show it, or say that a report is no reason to hide it."""
    record, sent = await room.record(reference, "amend"), await typed(request)
    deed, reason = sent.text("do"), words_in(sent, "reason")
    values = {"do": deed, "reason": reason[:MOST_WORDS]}
    if deed != "publish" and not 0 < len(reason) <= MOST_WORDS:
        words = gettext("Enter a reason.") if not reason else gettext("This is too long.")
        return await refused(room, record, FORM, values, wrong(f"{FORM}-reason", words))
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, FORM, values, seen)
    host, number, actor = room.host, record.reference, room.actor
    match deed:
        case "publish":
            answer = await publish_words(host, number, actor=actor, expected=seen)
        case "take-back":
            answer = await take_words_back(host, number, reason, actor=actor, expected=seen)
        case "hide":
            answer = await hide_page(host, number, reason, actor=actor)
        case "show":
            answer = await show_page(host, number, reason, actor=actor, expected=seen)
        case "keep":
            answer = await keep_page(host, number, reason, actor=actor)
        case _:
            return await refused(room, record, FORM, values, wrong(f"{FORM}-do", gettext("Choose what to do.")))
    return await answered(room, record, FORM, values, answer, DONE[deed])


DONE = {
    "publish": "publie",
    "take-back": "texte-retire",
    "hide": "masquee",
    "show": "affichee",
    "keep": "rien-a-masquer",
}


async def public_page_panel(room: DeskContext, case: Case) -> Panel | None:
    """What everybody sees, what waits to be read, what was reported."""
    record, request_type, files = case.record, case.request_type, case.attachments
    waits, reports = words_wait(request_type, record), await _reports(room, record)
    return Panel(
        template="parts/public_page.html",
        weight="urgent" if waits or reports else "quiet" if record.public else "plain",
        values={
            "public": record.public,
            "hidden_at": record.hidden_at,
            "waits": waits,
            "published": bool(record.words_published) and words_are_public(request_type, record),
            "words": words_of_page(request_type, record, files),
            "place": public_place_words(request_type, record) if not request_type.place.precision else "",
            "reports": [told(each) for each in reports],
            "version": record.version,
            "most": MOST_WORDS,
        },
    )


async def _reports(room: DeskContext, record: Record) -> tuple[ReportedPage, ...]:
    """Those about the page; after a press that was refused nothing was counted, and it is asked all the same."""
    counted, waiting = room.request.method == "GET", waiting_at(room.request)
    keepers = [each for each in keepers_of_reports(room.host, room.town) if not counted or waiting.get(each.counted_at)]
    return tuple([report for keeper in keepers for report in await keeper.of(record)])


def told(report: ReportedPage) -> dict[str, Any]:
    """A report in words."""
    return {"why": say(report.title), "words": report.words, "at": report.at}


def words_of_page(request_type: RequestType, record: Record, files: dict[str, Attachment]) -> list[dict[str, Any]]:
    """What was typed or attached freely, as rows: what a person reads before it is public."""
    place = typed_place(request_type, record)
    rows = [{"key": gettext("Place"), "value": place}] if place else []
    for code, value in free_answers(request_type, record).items():
        field = _field(request_type.form.fields(), code.split(".")[::2])
        if field is not None:
            rows.append({"key": say(field.label), "value": answer_words(field, value, files)})
    return rows


def _field(fields: tuple[AnyField, ...], path: list[str]) -> AnyField | None:
    found = next((each for each in fields if each.code == path[0]), None)
    return _field(found.fields, path[1:]) if isinstance(found, Group) and len(path) > 1 else found


def had_public_page(room: DeskContext, case: Case) -> bool:
    """Whether the request has a public page, or had one before it was hidden."""
    record = case.record
    return record.erased_at is None and (record.public or record.hidden_at is not None)


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="public-page",
    after="ties",
    title=lambda: gettext("Public version"),
    right="amend",
    applies=had_public_page,
    draw=public_page_panel,
)
