"""The documents of a request on its page at the desk."""

from parvis.i18n import gettext
from parvis.web.addresses import address
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.room import Room, case_path
from parvis.web.documents import documents_panel
from parvis.web.panels import PagePanel, Panel


async def panel_of_documents(room: Room, case: Case) -> Panel | None:
    """The documents that the person may open, each with what they may do with it."""
    record = case.record
    may_change = room.may("report", record) and record.erased_at is None
    return await documents_panel(
        room.heart,
        record,
        case.kind,
        room.viewer,
        href=lambda id: case_path(record.reference, "documents", id),
        verify=lambda code: address(room.language, ":verify", code),
        changes=(lambda id: case_path(record.reference, "documents", id, "changer")) if may_change else None,
    )


PANEL: PagePanel[Room, Case] = PagePanel(
    slot="desk.request",
    name="documents",
    after="delays",
    title=lambda: gettext("Documents"),
    draw=panel_of_documents,
)
