"""The documents of a request on its page at the desk."""

from parvis.requests.records import Record
from parvis.web.addresses import address
from parvis.web.desk.room import Room, case_path
from parvis.web.documents import documents_panel
from parvis.web.panels import Panel
from parvis_sdk.request_types import RequestType


async def panel_of_documents(room: Room, record: Record, kind: RequestType) -> Panel | None:
    """The documents that the person may open, each with what they may do with it."""
    may_change = room.may("report", record) and record.erased_at is None
    return await documents_panel(
        room.heart,
        record,
        kind,
        room.viewer,
        href=lambda id: case_path(record.reference, "documents", id),
        verify=lambda code: address(room.language, ":verify", code),
        changes=(lambda id: case_path(record.reference, "documents", id, "changer")) if may_change else None,
    )
