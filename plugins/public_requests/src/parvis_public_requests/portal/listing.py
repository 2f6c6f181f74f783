"""The public list with its filters, and the same list as groups for a map: both read one address alike."""

from functools import partial
from typing import Any

from litestar import Request, Response, get

from parvis.i18n import gettext, say
from parvis.requests.links import town_url
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.search import ResultPage, Row, public_requests
from parvis.requests.offered import public_types
from parvis.web.addresses import address, patterns
from parvis.web.downloads import SMALL
from parvis.web.grouping import seen, told
from parvis.web.pages import FooterLink, render
from parvis.web.panels import PagePanel, Panel, drawn
from parvis.web.portal.visit import AtPortal, Visit
from parvis_public_requests.beside import beside
from parvis_public_requests.groups import Groups
from parvis_public_requests.portal.chosen import (
    PERIODS,
    PHASES,
    WITHIN,
    RequestFilters,
    addressed,
    chips,
    chosen_in,
    filters_of,
    metres_words,
    period_words,
    phase_words,
    public_themes,
    words_in_title,
)

AnyRequest = Request[Any, Any, Any]
A_PAGE = 20
FEEDS = {"atom": "application/atom+xml", "rss": "application/rss+xml", "geojson": "application/geo+json"}


@get(patterns(":list"), name="public-list", for_everybody=True)
async def public_list(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """What others have reported, the newest first; `vue=carte` says that a small screen shows the map."""
    given = request.query_params
    chosen, cursor = await chosen_in(here, given), given.get("cursor", "")[:200]
    found = await a_page(here, chosen, cursor)
    path = address(here.language, ":list")
    view = {"vue": "carte"} if given.get("vue") == "carte" else {}
    return render(
        request,
        "public_requests/requests.html",
        found=found,
        beside=await beside(found.rows),
        photo_of=lambda reference, id: f"{address(here.language, ':public', reference, ':files', id)}?{SMALL}",
        place_of=partial(place_words, here),
        chosen=chosen,
        panels=await drawn(here.nouns(PagePanel, "portal.list"), here, chosen, lambda right: False),
        filters=chips(here, chosen, path, **view),
        all=addressed(path, RequestFilters(), **view),
        title_words=words_in_title(here, chosen),
        types=[(request_type.code, say(request_type.title)) for request_type in public_types(here.host, here.town)],
        themes=[(theme.code, say(theme.title)) for theme in public_themes(here)],
        zones=[(one.code, say(one.name)) for one in here.town.zones],
        phases=[(phase, phase_words(phase)) for phase in PHASES],
        periods=[(days, period_words(days)) for days in PERIODS],
        distances=[(metres, metres_words(metres)) for metres in WITHIN],
        on_map=bool(view),
        groups=addressed(address(here.language, ":list", ":groups"), chosen),
        feeds={name: addressed(address(here.language, f":{name}"), chosen) for name in FEEDS},
        page_of=lambda reference: address(here.language, ":public", reference),
        first=addressed(path, chosen, **view) if cursor else "",
        next=addressed(path, chosen, cursor=found.next_cursor, **view) if found.next_cursor else "",
        canonical=f"{town_url(here.host, here.town)}{addressed(path, chosen)}",
        alternates={
            language: addressed(address(language, ":list"), chosen, cursor=cursor, **view)
            for language in here.town.languages
        },
    )


def place_words(here: Visit, row: Row) -> str:
    """Where it is: its address, or the districts; what the town declares without any is everywhere."""
    zones = row.zones or ((row.zone,) if row.zone else ())
    names = [say(zone.name) for code in zones if (zone := here.town.zone(code)) is not None]
    return row.address or ", ".join(names) or (gettext("In the whole municipality") if row.by_town else "")


async def a_page(here: Visit, chosen: RequestFilters, cursor: str, limit: int = A_PAGE) -> ResultPage:
    """One page of the list; from a cursor that is none of ours, the first one."""
    filters = filters_of(here, chosen)
    try:
        return await public_requests(here.host, here.town.code, filters, limit=limit, cursor=cursor)
    except BadCursor:
        return await public_requests(here.host, here.town.code, filters, limit=limit)


@get(patterns(":list", ":groups"), name="public-groups", for_everybody=True)
async def public_groups(here: AtPortal, request: AnyRequest) -> Response[dict[str, Any]]:
    """Where the requests of the list are, those close together as one, for a map at this `zoom`."""
    chosen = await chosen_in(here, request.query_params)
    filters, cells = seen(request.query_params, filters_of(here, chosen))
    groups = await groups_kept(here).of(here.host, here.town.code, filters, cells)
    return told(groups, here.language, partial(address, here.language, ":public"), "private, no-cache")


def groups_kept(here: Visit) -> Groups:
    state = here.request.app.state
    if "public_groups" not in state:
        state.public_groups = Groups()
    kept: Groups = state.public_groups
    return kept


async def shown_at_home(here: Visit, about: None) -> Panel:
    """The way to the list from the first page of the town."""
    return Panel(template="public_requests/home.html", values={"list_address": address(here.language, ":list")})


LINK = FooterLink(
    name="public-requests",
    steps=(":list",),
    text=lambda: gettext("Public requests"),
    when=lambda host, town: True,
)
AT_HOME: PagePanel[Visit, None] = PagePanel(
    slot="portal.home",
    name="public-requests",
    title=lambda: gettext("What others have reported"),
    draw=shown_at_home,
)
