"""The panels of a request's parts on its page at the desk, in the order in which an agent needs them."""

from parvis.requests.records import Record
from parvis.web.panels import Panel
from parvis.web.supplements import supplement_desk_panel
from parvis.web.validities import validity_panel
from parvis_sdk.request_types import RequestType


async def panels_of(record: Record, kind: RequestType) -> tuple[Panel, ...]:
    """What every part of this request has to show to the people of the town."""
    gathered = (
        await supplement_desk_panel(record, kind),
        await validity_panel(record, kind),
    )
    return tuple(panel for panel in gathered if panel is not None)
