"""Offering one's file to another person, and taking the offer back."""

from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from parvis.i18n import format_date, gettext
from parvis.jurisdictions.calendars import last_day
from parvis.requests.actors import REQUESTER
from parvis.requests.changing import Conflict
from parvis.requests.declarations import is_offered
from parvis.web.addresses import patterns
from parvis.web.done_messages import DoneMessage
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import AtPortal, Visit
from parvis.web.track.actions import back_to_request, done_on_request, given, show_form
from parvis.web.track.keys import TrackedRequest, held_or_redirect, own_address
from parvis.web.typed import typed
from parvis_grants import NAME
from parvis_grants.shown_validity import validity_panel
from parvis_grants.transfer_letters import PAGE
from parvis_grants.transferring import OFFER, TransferOffer, cancel, offer, offers_of
from parvis_grants.validity import validity_of
from parvis_sdk.problems import Problems
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import HOLDING
from parvis_sdk.validity_rules import ValidityState as Validated
from parvis_sdk.workflow import Denied

AnyRequest = Request[Any, Any, Any]


@get(patterns(":track", "{reference:str}", PAGE, "{code:str}"), name="handover-page")
async def handover_page(here: AtPortal, reference: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Who the file is offered to; or, while it is, until when they may answer."""
    found = await held_or_redirect(here, reference)
    validity = await transferable(here, found, code)
    return await _show(here, found, validity) if validity else back_to_request(here, found)


@post(patterns(":track", "{reference:str}", PAGE, "{code:str}"), name="handover", status_code=200)
async def hand_over(
    here: AtPortal, request: AnyRequest, reference: FromPath[str], code: FromPath[str]
) -> Response[Any]:
    found = await held_or_redirect(here, reference)
    validity = await transferable(here, found, code)
    if validity is None:
        return back_to_request(here, found)
    sent = await typed(request)
    host, ours = here.host, found.record.reference
    if sent.text("do") == "cancel":
        await cancel(host, ours, sent.text("offer"), actor=REQUESTER)
        return done_on_request(here, found)
    raw = given(OFFER.fields(), sent)
    done = await offer(host, ours, code, raw, actor=REQUESTER)
    if isinstance(done, Problems):
        return await _show(here, found, validity, raw, done)
    if isinstance(done, Denied | Conflict):
        return back_to_request(here, found)
    return done_on_request(here, found, "transfert")


async def transferable(here: Visit, found: TrackedRequest, code: str) -> Validity | None:
    """The validity of that code, if it may pass to somebody else now."""
    record = found.record
    validity = next((each for each in found.request_type.of(Validity) if each.code == code and each.transfer), None)
    if validity is None or record.erased_at is not None or not is_offered(here.host, record):
        return None
    holds = any(each.code == code and each.state in HOLDING for each in await validity_of(record.id))
    return validity if holds else None


async def open_offer(found: TrackedRequest) -> TransferOffer | None:
    """To whom the file is offered now."""
    return next((each for each in await offers_of(found.record.id) if each.is_open), None)


async def _show(
    here: Visit,
    found: TrackedRequest,
    validity: Validity,
    raw: dict[str, Any] | None = None,
    problems: Problems | None = None,
) -> Response[Any]:
    offered = await open_offer(found)
    return await show_form(
        here,
        found,
        "grants/handover.html",
        () if offered else OFFER.fields(),
        raw or {},
        problems,
        (PAGE, validity.code),
        validity=validity,
        offered=offered,
        answer_by=format_date(last_day(here.town.calendar, offered.ends_at)) if offered else "",
    )


async def link_to_transfer(here: Visit, found: TrackedRequest, held: Validated, validity: Validity) -> tuple[str, str]:
    """Where its holder passes it on to somebody else."""
    if not found.viewer.holds("answer") or not here.host.modules.of(here.town).has(NAME):
        return "", ""
    gone = not is_offered(here.host, found.record) or found.record.erased_at is not None
    if validity.transfer is None or gone or not found.viewer.is_requester or held.state not in HOLDING:
        return "", ""
    offered = any(each.is_open for each in await offers_of(found.record.id))
    action = gettext("The transfer that is offered") if offered else gettext("Transfer to another person")
    return own_address(here, found, PAGE, validity.code), action


async def granted_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """Until when what was granted holds, and where its holder passes it on."""
    return await validity_panel(found.record, found.request_type, partial(link_to_transfer, here, found))


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="validity",
    after="conditions",
    title=lambda: gettext("Validity"),
    applies=lambda here, found: bool(found.request_type.of(Validity)),
    draw=granted_panel,
    remains=Validity.part,
)
MESSAGES = (
    DoneMessage(
        slot="tracking.request.done",
        name="transfert",
        text=lambda: gettext("The transfer has been offered. We will tell you when it is accepted or declined."),
    ),
    DoneMessage(
        slot="tracking.request.done",
        name="transfere",
        text=lambda: gettext("The file is now in your name. Keep its private link, at the bottom of this page."),
    ),
)
