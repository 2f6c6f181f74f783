"""The figures of the town for everybody: what came, what was settled, how long it took, by type, and since when."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Stream

from parvis import clock
from parvis.i18n import format_number, gettext, language, ngettext, say
from parvis.jurisdictions.calendars import local_day
from parvis.requests.offered import public_types
from parvis.requests.visibility import RequestView
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import AtPortal, Visit
from parvis_dashboards.open_data import COLUMNS, open_data
from parvis_dashboards.published import LEAST, Figures, PublishedFigures, ResponseFigures

AnyRequest = Request[Any, Any, Any]
YEARS = 3  # this one and those before it


@get(patterns(":figures"), name="public-figures")
async def public_figures(here: AtPortal, request: AnyRequest) -> Response[Any]:
    figures = await figures_of(here)
    titles = {request_type.code: say(request_type.title) for request_type in public_types(here.host, here.town)}
    return render(
        request,
        "dashboards/public.html",
        figures=figures,
        titles=titles,
        least=LEAST,
        days_words=days_words,
        bars=[
            (titles[told.code], round(told.mean, 1), format_number(told.mean, 1)) for told in measured(figures.by_type)
        ],
        list_of=lambda code: here.list_address(type=code),
        list_address=here.list_address(),
        columns=COLUMNS,
        years=[(year, address(here.language, ":open-data", annee=str(year))) for year in _years(here)],
        alternates=in_each(here.town.languages, ":figures"),
    )


@get(patterns(":open-data"), name="open-data")
async def take_open_data(here: AtPortal, request: AnyRequest) -> Stream:
    """The public requests of one year, for everybody."""
    asked = request.query_params.get("annee", "")
    offered = {str(year): year for year in _years(here)}
    year = offered.get(asked) if asked else _years(here)[0]
    if year is None:
        raise NotFoundException("There is no such year.")
    services = {request_type.code: request_type.title for request_type in public_types(here.host, here.town)}
    headers = {
        "content-disposition": f'attachment; filename="{here.town.code}-{year}.csv"',
        "cache-control": "public, max-age=3600",
    }
    return Stream(open_data(here.town, services, year), media_type="text/csv", headers=headers)


def _years(here: Visit) -> tuple[int, ...]:
    this = local_day(here.town.calendar, clock.now()).year
    return tuple(range(this, this - YEARS, -1))


def measured(by_type: tuple[ResponseFigures, ...]) -> list[Any]:
    return [told for told in by_type if told.mean is not None]


def days_words(days: float) -> str:
    """Business days as people count them: one decimal under ten, whole ones above."""
    said = format_number(days, 1 if days < 10 else 0)
    is_one = days < 2 if language() == "fr" else round(days, 1) == 1
    return ngettext("%(days)s business day", "%(days)s business days", 1 if is_one else 2) % {"days": said}


async def figures_of(here: Visit) -> PublishedFigures:
    """The figures of the town, as counted a moment ago."""
    state = here.request.app.state
    if "published_figures" not in state:
        state.published_figures = Figures()
    kept: Figures = state.published_figures
    return await kept.of(here.town, {request_type.code for request_type in public_types(here.host, here.town)})


async def settled_line(here: Visit, chosen: Any) -> Panel | None:
    """How many were settled lately, where enough were to say how long it takes."""
    total = (await figures_of(here)).total
    if total.mean is None:
        return None
    return Panel(template="dashboards/settled.html", values={"settled": total.settled})


async def usual_link(here: Visit, shown: RequestView) -> Panel | None:
    """To how long the service of a request usually takes, where enough were settled to say."""
    usual = (await figures_of(here)).of(shown.type)
    return Panel(template="dashboards/usual.html", values={}) if usual and usual.mean is not None else None


PANEL: PagePanel[Visit, Any] = PagePanel(
    slot="portal.list",
    name="figures",
    title=lambda: gettext("Response times"),
    draw=settled_line,
)
LINK: PagePanel[Visit, RequestView] = PagePanel(
    slot="portal.request.links",
    name="figures",
    title=lambda: gettext("Response times"),
    draw=usual_link,
)
