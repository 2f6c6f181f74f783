"""The panels of what a request is tied to: its ties beside it, and what those reported that were merged into it."""

from parvis.i18n import gettext
from parvis.jurisdictions import Jurisdiction
from parvis.requests.attached.attachments import kept_of_all
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record, state_title
from parvis.requests.relations.children import owner_of_request
from parvis.requests.visibility import present, sees_audience
from parvis.web.answers import answer_rows
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case, panels_at
from parvis.web.desk.one_request.telling import file_at_desk
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.fields import File, Photo
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text


async def ties_panel(room: DeskContext, case: Case) -> Panel | None:
    """The ties, and what modules let one do about them; None where there is neither."""
    boxes = await panels_at("desk.request.ties", room, case)
    if not case.ties and not boxes:
        return None
    lines = []
    for each in case.ties:
        request_type = await type_of_record(room.host, each.record)
        lines.append(
            {
                "kind": each.kind,
                "ours": each.ours,
                "reference": each.record.reference,
                "title": request_type.title,
                "owner": whose(room.town, request_type, each.record)
                if each.kind == "child_of" and not each.ours
                else None,
                "promised_at": each.record.promised_at if each.record.promise in ("running", "missed") else None,
                "state": state_title(each.record, request_type),
                "phase": each.record.phase,
            }
        )
    alike = any(each.type == case.record.type for each in case.near)
    return Panel(
        template="parts/ties.html",
        values={"ties": lines, "boxes": boxes},
        weight="plain" if case.ties or alike else "quiet",
    )


def whose(town: Jurisdiction, request_type: RequestType, record: Record) -> Text:
    """Whose the things of a part are."""
    owner = owner_of_request(town, request_type, record)
    return owner.name if owner is not None else town.name


async def joined_panel(room: DeskContext, case: Case) -> Panel | None:
    """What other people reported of the same thing, each as its own rules show it; files in one statement for all."""
    joined = [each.record for each in case.ties if each.kind == "duplicate_of" and not each.ours]
    if not case.record.duplicates or not joined:
        return None
    kept = await kept_of_all([each.id for each in joined])
    reports = []
    for each in joined:
        request_type = await type_of_record(room.host, each)
        shown = present(room.host, each, request_type, room.viewer)
        asked = [one.field for one in shown.fields if not isinstance(one.field, Photo | File)]
        files = [
            file_at_desk(one.attachment)
            for one in kept.get(each.id, ())
            if sees_audience(room.viewer, one.audience, each, room.host.jurisdictions)
        ]
        reports.append(
            {
                "reference": each.reference,
                "at": each.submitted_at,
                "rows": answer_rows(asked, shown.answers, {}),
                "files": files,
            }
        )
    return Panel(template="parts/joined.html", values={"reports": reports})


JOINED: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="joined",
    title=lambda: gettext("Merged requests"),
    draw=joined_panel,
)


TIES: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="ties",
    after="untold",
    title=lambda: gettext("Related requests"),
    draw=ties_panel,
)
