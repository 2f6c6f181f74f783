"""The panels of a request's parts on its private page, in the order in which a person needs them."""

from parvis.web.panels import Panel
from parvis.web.portal.visit import Visit
from parvis.web.supplements import supplement_panel
from parvis.web.track.documents import panel_of_documents
from parvis.web.track.keys import Held
from parvis.web.validities import validity_panel


async def panels_of(here: Visit, found: Held) -> tuple[Panel, ...]:
    """What every part of this request has to show to its requester."""
    gathered = (
        await supplement_panel(found.record, found.kind),
        await validity_panel(found.record, found.kind),
        await panel_of_documents(here, found),
    )
    return tuple(panel for panel in gathered if panel is not None)
