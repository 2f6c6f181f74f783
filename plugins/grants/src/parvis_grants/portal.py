"""Where the private link of a transfer leads: what is offered, until when, and the form to accept or decline."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct, structs

from parvis.i18n import format_date
from parvis.jurisdictions.calendars import last_day
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.records import get as record_of_id
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.steps import way_fields
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.keys import proved_cookies
from parvis.web.typed import FormInput, typed
from parvis_grants import transferring
from parvis_grants.shown_validity import validity_panel
from parvis_grants.transfer_letters import PAGE
from parvis_grants.transferring import TransferOffer
from parvis_sdk.fields import AnyField
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requesters import EMAIL, NAME, PHONE
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

AnyRequest = Request[Any, Any, Any]
OVER = Text(
    fr="Cette offre n’est plus valide\u00a0: elle a été acceptée, annulée ou refusée, ou elle est expirée.",
    en="This offer is no longer valid: it was accepted, cancelled or declined, or it has expired.",
)


class TransferView(Struct, frozen=True, kw_only=True):
    """An offer with the file that it is about."""

    offered: TransferOffer
    record: Record
    request_type: RequestType
    fields: tuple[AnyField, ...]


@get(patterns(PAGE, "{token:str}"), name="take-over")
async def take_over_page(here: AtPortal, token: FromPath[str]) -> Response[Any]:
    """Nothing happens by opening it: mail scanners open links too."""
    return await _show(here, token, await _looked(here, token))


@post(patterns(PAGE, "{token:str}"), name="take-over-answer", status_code=200)
async def answer_offer(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Accepts or declines; once accepted, the file opens under its new key."""
    found = await _looked(here, token)
    sent = await typed(request)
    if sent.text("do") == "decline":
        await transferring.decline(here.host, found.offered)
        return see_other(address(here.language, PAGE, token))
    raw = _given(found, sent)
    done = await transferring.accept(here.host, found.offered, raw, here.language)
    if isinstance(done, Problems):
        return await _show(here, token, found, raw, done)
    if not isinstance(done, Record):
        return see_other(address(here.language, PAGE, token))
    way = address(here.language, ":track", done.reference, fait="transfere")
    return see_other(f"{way}#main", *proved_cookies(here, done))


async def _looked(here: Visit, token: str) -> TransferView:
    offered = await transferring.opened(here.host, token)
    if offered is None:
        raise NotFoundException("This link is not valid.")
    record = await record_of_id(here.host, offered.request)
    if record.jurisdiction != here.town.code:
        raise NotFoundException("This link is for another town.")
    request_type = await type_of_record(here.host, record)
    validity = request_type.part(Validity, offered.code)
    asks = validity.transfer.asks.fields() if validity and validity.transfer else ()
    return TransferView(offered=offered, record=record, request_type=request_type, fields=asks)


def _given(found: TransferView, sent: FormInput) -> dict[str, Any]:
    person = {name: sent.text(name) for name in ("name", "email", "phone", "preferred_channel") if sent.text(name)}
    answers = {field.code: sent.values[field.code] for field in found.fields if sent.values.get(field.code)}
    return {"requester": person | {"mode": "named"}, "answers": answers}


def _local(problems: Problems) -> Problems:
    """The same at the questions as they are named on this page."""
    return Problems(
        found=tuple(structs.replace(one, path=one.path.removeprefix("requester.")) for one in problems.found)
    )


async def _show(
    here: Visit, token: str, found: TransferView, raw: dict[str, Any] | None = None, problems: Problems | None = None
) -> Response[Any]:
    record, offered = found.record, found.offered
    is_open = offered.is_open and record.erased_at is None
    typed_in = (raw or {}).get("requester") or {"name": offered.name, "email": offered.email}
    local = _local(problems) if problems else None
    return render(
        here.request,
        "grants/take_over.html",
        status=422 if problems else 200 if is_open else 410,
        offered=offered,
        is_open=is_open,
        over=OVER,
        title=found.request_type.title,
        record=record if is_open else None,
        panel=await validity_panel(record, found.request_type) if is_open else None,
        answer_by=format_date(last_day(here.town.calendar, offered.ends_at)),
        fields=(NAME, EMAIL, PHONE, *way_fields(here.contact_methods), *found.fields),
        values={**typed_in, **((raw or {}).get("answers") or {})},
        problems=local,
        alternates=in_each(here.town.languages, PAGE, token),
        keep=False,
    )
