"""The page of a request, also after a try that failed: with what was typed and why it failed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from litestar import Response
from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.requests.changing import Conflict
from parvis.requests.host import Host
from parvis.requests.lists.search import of_same_person
from parvis.requests.parts.together import answers_now, page_before, part_kinds, standing_facts
from parvis.requests.priority_names import priority_name
from parvis.requests.records import Record
from parvis.web.answers import answer_rows
from parvis.web.desk.context import DeskContext, title_of, unit_name, zone_name
from parvis.web.desk.one_request import uploads
from parvis.web.desk.one_request.case import SAME_PERSON, Case, buttons_of, gather, lists_of, panels_at
from parvis.web.desk.one_request.differing import Beside
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.forms import list_behind
from parvis.web.desk.one_request.takers import takers_of
from parvis.web.desk.one_request.telling import asked_for, entries, file_at_desk, only, parts_of
from parvis.web.done_messages import SAID, DoneMessage, done_message
from parvis.web.plugin_panels import plugin_panels
from parvis.web.promise import is_by_the_hour
from parvis.web.value_names import channel_name, method_said
from parvis_sdk.fields import File, LongText, Photo, ShortText
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment, Requester
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition, Workflow


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
    case = structs.replace(await gather(room, record), back=await list_behind(room))
    known = case.shown.contact or Requester()
    part = asked_for(room.request.query_params)
    return room.show(
        "desk/case.html",
        status=status,
        revealed=revealed,
        **await usual_parts(room, case, tried),
        **await _boxes(room, case),
        theirs=()
        if case.lacks(*SAME_PERSON)
        else await of_same_person(room.host, room.viewer, record, known.email, known.phone),
        done=done_message(room.nouns(DoneMessage, SLOT), room.request.query_params.get(SAID, "")),
        timeline_entries=entries(only(part, case.story), case.attachments),
        story_parts=parts_of(case.story),
        story_part=part,
        news=_news(case, tried.conflict, case.attachments),
        zone_name=lambda code: zone_name(room.town, code),
        type_title=lambda code: title_of(room, code),
        takers=await takers_of(room, case, [tried.values["unit"]] if tried.values.get("unit") else ()),
        words_kept=_words_left(case, tried),
    )


async def usual_parts(room: DeskContext, case: Case, tried: FormAttempt = NOTHING_TRIED) -> dict[str, Any]:
    """What a usual answer needs, wherever it is shown: the words and photos, the steps, the answer box.

    For the templates `desk/case_words.html`, `desk/case_moves.html` and `desk/case_forms.html`.
    """
    record, town, shown = case.record, room.town, case.shown
    asked = [one.field for one in shown.fields if not isinstance(one.field, Photo | File)]
    said = [field for field in asked if isinstance(field, LongText)]
    names = {one.id: one.name for one in case.colleagues}
    may = {
        name: room.may(name, record) for name in ("work", "assign", "amend", "reveal", "intake", "report", "privacy")
    }
    return {
        "case": case,
        "shown": shown,
        "tried": tried,
        "may": may,
        "said": answer_rows(said, shown.answers, case.attachments),
        "facts": answer_rows([each for each in asked if each not in said], shown.answers, case.attachments),
        "files": [file_at_desk(one.attachment) for one in case.files],
        "kept": await uploads.kept_for(room, record.reference, tried.form, tried.values),
        "reply_field": uploads.REPLY_FILES,
        "aids": await lists_of(room, record),
        "warnings": await panels_at("desk.reply.warning", room, case),
        "steps": await _steps(room, case),
        "pages": _pages_before(room.host, town, case),
        "previews": buttons_of(room, case.request_type, shown.moves),
        "unit_name": lambda code: unit_name(town, code),
        "channel_name": channel_name,
        "method_said": partial(method_said, room.host),
        "priority": priority_name(record.priority),
        "promised_to": "datetime" if is_by_the_hour(case.request_type, record.answers) else "date",
        "assignee_name": names.get(str(record.assignee), "") if record.assignee else "",
    }


async def _boxes(room: DeskContext, case: Case) -> dict[str, Any]:
    """What modules and plugins show of the request, in their places; what waits for somebody is named at the top."""
    panels = (
        *await panels_at("desk.request", room, case),
        *await plugin_panels(room.host, case.record, case.shown, room.viewer),
    )
    side = await panels_at("desk.request.side", room, case)
    return {
        "panels": panels,
        "side_panels": [each for each in side if each.weight != "quiet"],
        "quiet_panels": [each for each in side if each.weight == "quiet"],
        "urgent": [each for each in (*panels, *side) if each.weight == "urgent"],
        "links": await panels_at("desk.request.links", room, case),
        "promise_links": await panels_at("desk.request.promise", room, case),
    }


OFFERED_LAST = ("waiting_for_you",)
"""Phases into which no usual next step leads: it is the town's turn."""


class NextSteps(Struct, frozen=True, kw_only=True):
    """One step, None where none can be made yet but by an exception; the others as declared; why some must wait."""

    main: Transition | None
    others: tuple[Transition, ...]
    not_yet: Mapping[str, Text] = {}


def in_order(moves: Sequence[Transition], workflow: Workflow, not_yet: Mapping[str, Text]) -> NextSteps:
    """The first in the order of the workflow that goes on with the request: no refusal, no question to its person."""
    onward = (
        each
        for each in moves
        if each.tone != "warning" and each.code not in not_yet and workflow.state(each.target).phase not in OFFERED_LAST
    )
    main = next(onward, None)
    return NextSteps(main=main, others=tuple(each for each in moves if each is not main), not_yet=not_yet)


async def _steps(room: DeskContext, case: Case) -> NextSteps:
    return in_order(case.shown.moves, case.request_type.workflow, await _not_yet(room.host, case))


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
