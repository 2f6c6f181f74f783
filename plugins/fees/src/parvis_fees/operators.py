"""Payments for operators: what differs between our records of a period and the provider's, and mending it."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.response import Redirect

from parvis.i18n import format_money, gettext, say
from parvis.plugins.trying import Failure
from parvis.requests.remaining_parts import has_part
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, OperatorContext, period
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_fees.providers import provider_of
from parvis_fees.reconciling import Difference, compare, mend
from parvis_sdk.fees import Fee

PAYMENTS = f"{HOME}/paiements"


@get(PAYMENTS)
async def show_payments(request: AnyRequest) -> Response[Any]:
    """The provider is asked only once a period was chosen."""
    room = room_of_town(request)
    first, last = period(request.query_params.get("du", ""), request.query_params.get("au", ""), room.town)
    asked = "du" in request.query_params
    compared = await _compared(room, first, last) if asked else None
    failed = say(compared.what) if isinstance(compared, Failure) else ""
    provider = provider_of(room.host, room.town)
    return room.show(
        "fees/reconciling.html",
        provider=provider.title if provider else None,
        since=first,
        until=last,
        failed=failed,
        compared=None if isinstance(compared, Failure) else compared,
        differences=[shown(each) for each in getattr(compared, "differences", ())],
        paid=format_money(compared.paid) if compared is not None and not isinstance(compared, Failure) else "",
    )


@post(PAYMENTS, status_code=303)
async def mend_payment(request: AnyRequest) -> Redirect:
    """Bring one payment into line with what the provider says of it."""
    room, sent = room_of_town(request), await typed(request)
    first, last = period(sent.text("du"), sent.text("au"), room.town)
    key = sent.text("key")[:60]
    mended = await mend(room.host, room.town, key)
    room.note("mend payment", key=key, mended=mended)
    return Redirect(f"{PAYMENTS}?du={first}&au={last}&fait={'oui' if mended else 'non'}", status_code=303)


def room_of_town(request: AnyRequest) -> OperatorContext:
    """The room of an operator of this very town: its payments are no other's business."""
    room = OperatorContext(request)
    if not room.runs(room.town.code):
        raise PermissionDeniedException("The payments of this town are for its own operators.")
    return room


async def _compared(room: OperatorContext, first: date, last: date) -> Any:
    zone = ZoneInfo(room.town.time_zone)
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return await compare(room.host, room.town, since, until)


def shown(each: Difference) -> dict[str, Any]:
    """A difference in words."""
    words = {
        "missed": gettext("Paid at the provider, but not recorded here"),
        "unlike": gettext("Another amount or currency at the provider"),
        "unknown": gettext("At the provider under an unknown key"),
        "absent": gettext("Recorded here as paid, but not paid at the provider"),
        "refunded": gettext("Refunds differ"),
        "surplus": gettext("Paid when nothing was owed: to be refunded"),
        "stuck": gettext("Started but never completed"),
    }
    return {
        "what": words[each.kind],
        "reference": each.reference,
        "key": each.key,
        "number": each.external_id,
        "at": each.at,
        "ours": format_money(each.ours) if each.ours is not None else "–",
        "theirs": format_money(each.theirs) if each.theirs is not None else "–",
        "can_be_mended": each.can_be_mended,
    }


def is_paid(room: OperatorContext) -> bool:
    """Whether any town of this installation is paid online, or has fees that may have been."""
    towns = room.host.jurisdictions.by_code.values()
    return any(provider_of(room.host, town) is not None or has_part(room.host, town, Fee) for town in towns)


LINK = PageLink(
    slot="operators.menu",
    path=PAYMENTS,
    guide="docs/permits#fees",
    after="/exploitation/historiques",
    text=lambda: gettext("Online payments"),
    when=is_paid,
)
