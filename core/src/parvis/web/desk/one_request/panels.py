"""The panels of a request's parts on its page at the desk, in the order in which an agent needs them."""

from functools import partial

from parvis.i18n import gettext
from parvis.insights.nearby import Near
from parvis.requests.parts.owing import Owed
from parvis.requests.records import Record, is_offered
from parvis.requests.tied.ties import Tied
from parvis.requests.timeline import StoryLine
from parvis.web.clocks import clock_panel
from parvis.web.desk.one_request.checklist import checklist_panel
from parvis.web.desk.one_request.in_incidents import incidents_panel
from parvis.web.desk.one_request.looking_again import follow_up_panel
from parvis.web.desk.one_request.near import near_panel
from parvis.web.desk.one_request.overlaps import overlaps_panel
from parvis.web.desk.one_request.public_version import public_page_panel
from parvis.web.desk.one_request.routed import routed_panel
from parvis.web.desk.one_request.tied import joined_panel, ties_panel
from parvis.web.desk.one_request.to_tell import calls_panel
from parvis.web.desk.opinions.reviewing import review_panel
from parvis.web.desk.parts.charged import fees_desk_panel
from parvis.web.desk.parts.issued import panel_of_documents
from parvis.web.desk.room import Room, case_path
from parvis.web.desk.situation.operation import operation_panel
from parvis.web.obligations import obligations_panel
from parvis.web.panels import Panel
from parvis.web.people import people_panel
from parvis.web.supplements import supplement_desk_panel
from parvis.web.validities import validity_panel
from parvis.web.visits import desk_visits_panel
from parvis_sdk.obligations import Obligation
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment


async def panels_of(room: Room, record: Record, kind: RequestType, ties: tuple[Tied, ...]) -> tuple[Panel, ...]:
    """What every part of this request has to show to the people of the town."""
    gathered = (
        await joined_panel(room, record, ties),
        await overlaps_panel(room.heart, record, kind, room.viewer),
        await supplement_desk_panel(record, kind),
        await obligations_panel(record, kind, partial(link_to_decide, room, record)),
        await review_panel(room, record, kind),
        await fees_desk_panel(room, record, kind),
        await validity_panel(record, kind),
        await clock_panel(room.heart, record, kind, room.viewer),
        await panel_of_documents(room, record, kind),
        await desk_visits_panel(record, kind),
        await people_panel(record, kind, _to_end_access(room, record)) if room.may("contacts", record) else None,
    )
    return tuple(panel for panel in gathered if panel is not None)


async def side_panels_of(
    room: Room,
    record: Record,
    kind: RequestType,
    near: tuple[Near, ...],
    ties: tuple[Tied, ...],
    story: tuple[StoryLine, ...],
    files: dict[str, Attachment],
) -> tuple[Panel, ...]:
    """What stands beside the request, below whose it is: one line for each, in the order in which it is read."""
    gathered = (
        routed_panel(room, story),
        await calls_panel(room, record),
        await checklist_panel(room, record),
        await incidents_panel(room, record),
        await operation_panel(room, record),
        await ties_panel(room, record, ties, near),
        await public_page_panel(room, record, kind, files),
        follow_up_panel(room, record),
        near_panel(room, near),
    )
    return tuple(panel for panel in gathered if panel is not None)


def _to_end_access(room: Room, record: Record) -> str:
    return case_path(record.reference, "personnes") if room.may("work", record) and record.erased_at is None else ""


def link_to_decide(room: Room, record: Record, owed: Owed, declared: Obligation) -> tuple[str, str]:
    """Where somebody of the town sees to it, and what that is called."""
    if not (room.may("work", record) and owed.is_live and is_offered(room.heart, record)) or record.erased_at:
        return "", ""
    action = gettext("Look at the proof") if owed.state == "proved" else gettext("See to it")
    return case_path(record.reference, "conditions", str(owed.id)), action
