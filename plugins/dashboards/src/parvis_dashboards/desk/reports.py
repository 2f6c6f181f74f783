"""Reports by mail: what somebody has sent to them, chosen and stopped."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import i18n
from parvis.i18n import gettext
from parvis.web.desk.context import AtDesk, DeskContext, go, unit_name
from parvis.web.desk.lists.period import FIGURES
from parvis.web.desk.one_request.forms import wrong
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_dashboards.wanted import MOST, Every, stop, want, wanted_by
from parvis_sdk.problems import Problems

REPORTS = f"{FIGURES}/rapports"
OFTEN: dict[str, Every] = {"semaine": "week", "mois": "month"}


@get(REPORTS)
async def show_reports(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Those of the person, and the form for another."""
    room.demand("report")
    return await _page(room, done=request.query_params.get("fait", ""))


@post(REPORTS)
async def want_report(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Have a report sent, over a unit that the person may count or over all of theirs."""
    room.demand("report")
    sent = await typed(request)
    unit, every = sent.text("unite"), OFTEN.get(sent.text("chaque"))
    offered = {"", *(code for code, _ in room.units_for("report"))}
    if every is None or unit not in offered:
        return await _page(room, wrong("chaque", gettext("Choose the content and the frequency.")))
    if not await want(room.host.engine, room.town, UUID(room.person.id), unit, every):
        return await _page(room, wrong("chaque", gettext("You have reached the maximum number of reports.")))
    return go(f"{REPORTS}?fait=choisi")


@post(f"{REPORTS}/{{id:uuid}}/retirer")
async def stop_report(room: AtDesk, id: FromPath[UUID]) -> Response[Any]:
    """One of one's own is sent no more."""
    room.demand("report")
    if not await stop(room.host.engine, id, UUID(room.person.id)):
        raise NotFoundException("There is no such report.")
    return go(f"{REPORTS}?fait=retire")


async def _page(room: DeskContext, problems: Problems | None = None, done: str = "") -> Response[Any]:
    reports = await wanted_by(room.town.code, UUID(room.person.id))
    often = {"week": gettext("Every week, on Monday"), "month": gettext("Every month, on the first")}
    return room.show(
        "dashboards/reports.html",
        status=422 if problems else 200,
        problems=problems,
        done=done,
        most=MOST,
        reports=[
            (
                each.id,
                unit_name(room.town, each.unit) if each.unit else gettext("Everything that you may see"),
                often[each.every],
                i18n.format_datetime(each.due_at),
            )
            for each in reports
        ],
        units=[("", gettext("Everything that you may see")), *room.units_for("report")],
        often=[("semaine", often["week"]), ("mois", often["month"])],
    )
