"""The page of a request, also after a try that failed: with what was typed and why it failed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response
from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import Person
from parvis.requests.changing import Conflict
from parvis.requests.host import Host
from parvis.requests.lists.search import of_same_person
from parvis.requests.parts.together import answers_now, page_before, part_kinds, standing_facts
from parvis.requests.priority_names import priority_name
from parvis.requests.records import Record
from parvis.text_normalisation import fold
from parvis.viewers import can_work
from parvis.web.answers import answer_rows
from parvis.web.desk.context import DeskContext, title_of, unit_name, unit_tree, zone_name
from parvis.web.desk.one_request import uploads
from parvis.web.desk.one_request.case import Case, buttons_of, gather, lists_of, panels_at
from parvis.web.desk.one_request.differing import Beside
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.telling import entries, file_at_desk
from parvis.web.done_messages import SAID, DoneMessage, done_message
from parvis.web.plugin_panels import plugin_panels
from parvis.web.value_names import channel_name, method_said
from parvis_sdk.fields import File, LongText, Photo, ShortText
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment, Requester
from parvis_sdk.text import Text


class FormAttempt(Struct, frozen=True, kw_only=True):
    """What somebody tried on this page and did not get through with; what they typed is kept."""

    form: str
    values: Mapping[str, Any] = {}
    problems: Problems | None = None
    refused: str = ""
    conflict: Conflict | None = None
    differences: tuple[Beside, ...] = ()
    preview: Mapping[str, str] | None = None
    rows: Mapping[str, int] = {}


NOTHING_TRIED = FormAttempt(form="")


async def show_case(
    room: DeskContext,
    record: Record,
    tried: FormAttempt = NOTHING_TRIED,
    *,
    status: int = 200,
    revealed: Requester | None = None,
) -> Response[Any]:
    """The page; after a try that failed, with what was typed and why it failed."""
    if tried.values:
        room.writes(record)
    case = await gather(room, record)
    attachments, known = case.attachments, case.shown.contact or Requester()
    names = {one.id: one.name for one in case.colleagues}
    town = room.town
    may = {
        name: room.may(name, record) for name in ("work", "assign", "amend", "reveal", "intake", "report", "privacy")
    }
    return room.show(
        "desk/case.html",
        status=status,
        method_said=partial(method_said, room.host),
        case=case,
        theirs=await of_same_person(room.host, room.viewer, record, known.email, known.phone),
        shown=case.shown,
        tried=tried,
        revealed=revealed,
        done=done_message(room.nouns(DoneMessage, SLOT), room.request.query_params.get(SAID, "")),
        may=may,
        facts=answer_rows(
            [one.field for one in case.shown.fields if not isinstance(one.field, Photo | File)],
            case.shown.answers,
            attachments,
        ),
        kept=await uploads.kept_for(room, record.reference, tried.form, tried.values),
        reply_field=uploads.REPLY_FILES,
        aids=await lists_of(room, record),
        files=[file_at_desk(one.attachment) for one in case.files],
        timeline_entries=entries(case.story, attachments),
        news=_news(case, tried.conflict, attachments),
        unit_name=lambda code: unit_name(town, code),
        zone_name=lambda code: zone_name(town, code),
        channel_name=channel_name,
        priority=priority_name(record.priority),
        type_title=lambda code: title_of(room, code),
        assignee_name=names.get(str(record.assignee), "") if record.assignee else "",
        units=list(unit_tree(town)),
        people=_people(room, case),
        panels=(
            *await panels_at("desk.request", room, case),
            *await plugin_panels(room.host, record, case.shown, room.viewer),
        ),
        side_panels=await panels_at("desk.request.side", room, case),
        links=await panels_at("desk.request.links", room, case),
        not_yet=await _not_yet(room.host, case),
        words_kept=_words_left(case, tried),
        pages=_pages_before(room.host, town, case),
        previews=buttons_of(room, case.request_type, case.shown.moves),
    )


def _pages_before(host: Host, town: Jurisdiction, case: Case) -> dict[str, str]:
    """Where the steps that are prepared on a page of their own have it, by their codes."""
    kinds = part_kinds(host, town).values()
    pages = {move.code: page_before(kinds, case.request_type, move) for move in case.shown.moves}
    return {code: page for code, page in pages.items() if page}


async def _not_yet(host: Host, case: Case) -> dict[str, Text]:
    """Why some of the next steps cannot be made yet, by their codes."""
    if not any(move.waits for move in case.shown.moves):
        return {}
    standing = await standing_facts(host, case.record, case.request_type)
    answers = await answers_now(host, case.record, case.request_type, case.shown.moves)
    denied = {move.code: case.request_type.not_yet(move, standing, answers) for move in case.shown.moves}
    return {code: each.reason for code, each in denied.items() if each is not None}


def _words_left(case: Case, tried: FormAttempt) -> str:
    """What was typed for a step that somebody else has made meanwhile, so that its form is not on the page."""
    step = case.request_type.workflow.transition(tried.form)
    if step is None or step.code in {move.code for move in case.shown.moves}:
        return ""
    written = [field.code for field in step.asks.fields() if isinstance(field, LongText | ShortText)]
    return "\n\n".join(str(tried.values[code]) for code in written if tried.values.get(code))


def _news(case: Case, conflict: Conflict | None, files: Mapping[str, Attachment]) -> list[dict[str, Any]]:
    """What others did meanwhile, as far as the person may know of it."""
    if conflict is None:
        return []
    numbers = {entry.number for entry in conflict.entries}
    return [entry for entry in entries(case.story, files) if entry["number"] in numbers]


def _people(room: DeskContext, case: Case) -> list[tuple[str, str]]:
    """Who can be given the request: those with a role over its unit first, then all who work for the town."""
    town, unit = room.town, case.record.unit

    def is_near(person: Person) -> bool:
        here = [grant for grant in person.grants if grant.jurisdiction == town.code and grant.unit]
        return any(unit in town.units_under(grant.unit) for grant in here)

    able = [one for one in case.colleagues if can_work(one, town.code) and one.id not in case.record.excluded_agents]
    return [(one.id, one.name) for one in sorted(able, key=lambda one: (not is_near(one), fold(one.name)))]
