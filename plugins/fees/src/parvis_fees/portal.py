"""What a service costs, where it is described, before its form, and before its form is sent."""

from typing import Any

from parvis import clock
from parvis.i18n import format_money, gettext, say
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.service import ServiceVerdict
from parvis.web.portal.steps import answers_so_far
from parvis.web.portal.visit import Visit
from parvis_fees.charges import tariff_for
from parvis_fees.estimating import estimates, is_of_application
from parvis_fees.shown import shown_lines, tariff_words
from parvis_sdk.charging import Calculation, calculate, kept_in_cents, looks_at
from parvis_sdk.fee_rules import as_measured
from parvis_sdk.fees import Fee
from parvis_sdk.measuring import PLACE
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place


async def costs_of_service(here: Visit, request_type: RequestType) -> Panel | None:
    """Every tariff in words."""
    found = estimates(here.town, request_type, clock.now())
    return Panel(template="fees/cost.html", values={"estimates": found}) if found else None


async def costs_before_sending(here: Visit, work: FormDraft) -> Panel | None:
    """What the request will cost by what was answered, line by line."""
    answers = {PLACE: part_of(work.raw, "place"), **answers_so_far(work.request_type, work.raw, work.reading)}
    costs: list[dict[str, Any]] = [
        {
            "title": say(one.fee.title),
            "lines": shown_lines(one.calculation),
            "total": format_money(one.calculation.total),
            "tariff": tariff_words(one.calculation),
            "is_whole": not one.missing,
        }
        for one in estimates(here.town, work.request_type, clock.now(), answers)
        if is_of_application(work.request_type, one.fee)
    ]
    return Panel(template="fees/cost_before_sending.html", values={"costs": costs}) if costs else None


async def costs_considered(here: Visit, judged: ServiceVerdict) -> Panel | None:
    """What each fee comes to, as far as the answers before the form tell; None where the form must ask more."""
    request_type, said = judged.request_type, judged.said
    place = Place(lon=float(said.place["lon"]), lat=float(said.place["lat"])) if said.place.get("lon") else None
    answers = as_measured(said.answers, place)
    fields = request_type.form.fields()
    hidden = {field.code for field in fields} - {field.code for field in request_type.form.visible(said.answers)}
    costs: list[tuple[str, Calculation | None]] = []
    for fee in (each for each in request_type.of(Fee) if is_of_application(request_type, each)):
        tariff = tariff_for(here.town, request_type, fee, submitted=here.today, due=here.today)
        if tariff is not None:
            known = set(looks_at(tariff)) - hidden <= answers.keys()
            costs.append((say(fee.title), calculate(tariff, answers, kept_in_cents(fields)) if known else None))
    return Panel(template="fees/cost_considered.html", values={"costs": costs}) if costs else None


OF_SERVICE: PagePanel[Visit, RequestType] = PagePanel(
    slot="portal.service.cost",
    name="fees",
    title=lambda: gettext("Cost"),
    applies=lambda here, request_type: bool(request_type.of(Fee)),
    draw=costs_of_service,
)
BEFORE_SENDING: PagePanel[Visit, FormDraft] = PagePanel(
    slot="portal.review",
    name="fees",
    title=lambda: gettext("Cost"),
    applies=lambda here, work: bool(work.request_type.of(Fee)),
    draw=costs_before_sending,
)
CONSIDERED: PagePanel[Visit, ServiceVerdict] = PagePanel(
    slot="portal.eligibility",
    name="fees",
    title=lambda: gettext("Cost"),
    applies=lambda here, judged: bool(judged.request_type.of(Fee)),
    draw=costs_considered,
)
