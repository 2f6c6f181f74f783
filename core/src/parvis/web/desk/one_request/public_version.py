"""The public page of a request as its panel at the desk shows it: what is free text, and what was reported."""

from typing import Any

from parvis.i18n import gettext, say
from parvis.requests.public_words import free_answers, public_place_words, typed_place, words_are_public, words_wait
from parvis.requests.publishing import MOST_WORDS
from parvis.requests.records import Record
from parvis.requests.reported_pages import ReportedPage, keepers_of_reports
from parvis.web.answers import answer_words
from parvis.web.desk.context import DeskContext, waiting_at
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.fields import AnyField, Group
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment


async def public_page_panel(room: DeskContext, case: Case) -> Panel | None:
    """What everybody sees, what waits to be read, what was reported."""
    record, kind, files = case.record, case.kind, case.attachments
    return Panel(
        template="parts/public_page.html",
        values={
            "public": record.public,
            "hidden_at": record.hidden_at,
            "waits": words_wait(kind, record),
            "published": bool(record.words_published) and words_are_public(kind, record),
            "words": words_of_page(kind, record, files),
            "place": public_place_words(kind, record) if not kind.place.precision else "",
            "reports": [told(each) for each in await _reports(room, record)],
            "version": record.version,
            "most": MOST_WORDS,
        },
    )


async def _reports(room: DeskContext, record: Record) -> tuple[ReportedPage, ...]:
    """Those about the page; after a press that was refused nothing was counted, and it is asked all the same."""
    counted, waiting = room.request.method == "GET", waiting_at(room.request)
    keepers = [
        each for each in keepers_of_reports(room.heart, room.town) if not counted or waiting.get(each.counted_at)
    ]
    return tuple([report for keeper in keepers for report in await keeper.of(record)])


def told(report: ReportedPage) -> dict[str, Any]:
    """A report in words."""
    return {"why": say(report.title), "words": report.words, "at": report.at}


def words_of_page(kind: RequestType, record: Record, files: dict[str, Attachment]) -> list[dict[str, Any]]:
    """What was typed or attached freely, as rows: what a person reads before it is public."""
    place = typed_place(kind, record)
    rows = [{"key": gettext("Place"), "value": place}] if place else []
    for code, value in free_answers(kind, record).items():
        field = _field(kind.form.fields(), code.split(".")[::2])
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
