"""The panels of a request's parts on its private page, in the order in which a person needs them."""

from functools import partial

from parvis.i18n import gettext
from parvis.requests.parts.owing import Owed
from parvis.requests.parts.terms import HOLDING
from parvis.requests.parts.terms import Held as Validated
from parvis.requests.persons.transferring import offers_of
from parvis.requests.records import is_offered
from parvis.web.clocks import clock_panel
from parvis.web.incidents import belonging_panel
from parvis.web.obligations import obligations_panel
from parvis.web.panels import Panel
from parvis.web.portal.visit import Visit
from parvis.web.supplements import supplement_panel
from parvis.web.track.divided import divided_panel
from parvis.web.track.documents import panel_of_documents
from parvis.web.track.fees import fees_panel
from parvis.web.track.joined import joined_panel
from parvis.web.track.keys import Held, own_address
from parvis.web.track.reviews import review_panel
from parvis.web.validities import validity_panel
from parvis.web.visits import own_visits_panel
from parvis_sdk.obligations import Obligation
from parvis_sdk.validity import Validity


async def panels_of(here: Visit, found: Held) -> tuple[Panel, ...]:
    """What every part of this request has to show to its requester."""
    gathered = (
        await joined_panel(here, found.record),
        await belonging_panel(here.heart, here.town, found.record),
        await divided_panel(here, found.record, found.kind),
        await supplement_panel(found.record, found.kind, found.viewer),
        await fees_panel(here, found),
        await clock_panel(here.heart, found.record, found.kind, found.viewer),
        await review_panel(here, found) if found.viewer.holds("messages") else None,
        await obligations_panel(found.record, found.kind, partial(link_to_prove, here, found)),
        await validity_panel(found.record, found.kind, partial(link_to_transfer, here, found)),
        await own_visits_panel(found.record, found.kind) if found.viewer.is_requester else None,
        await panel_of_documents(here, found),
    )
    return tuple(panel for panel in gathered if panel is not None)


def link_to_prove(here: Visit, found: Held, owed: Owed, declared: Obligation) -> tuple[str, str]:
    """Where its holder can prove a condition, and what that is called."""
    if not found.viewer.holds("answer"):
        return "", ""
    gone = not is_offered(here.heart, found.record) or found.record.erased_at is not None
    if declared.proof(owed.proof) is None or gone or not owed.is_live or owed.state == "proved":
        return "", ""
    action = gettext("Send a new proof") if owed.state == "met" else gettext("Send the proof")
    return own_address(here, found, ":proof", str(owed.id)), action


async def link_to_transfer(here: Visit, found: Held, held: Validated, validity: Validity) -> tuple[str, str]:
    """Where its holder passes it on to somebody else."""
    if not found.viewer.holds("answer"):
        return "", ""
    gone = not is_offered(here.heart, found.record) or found.record.erased_at is not None
    if validity.transfer is None or gone or not found.viewer.is_requester or held.state not in HOLDING:
        return "", ""
    offered = any(each.is_open for each in await offers_of(found.record.id))
    action = gettext("The transfer that is offered") if offered else gettext("Transfer to another person")
    return own_address(here, found, ":handover", validity.code), action
