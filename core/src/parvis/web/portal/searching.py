"""The search by words: services with what led to each, the closest where none is sure, and always a way to a person."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from parvis.i18n import gettext
from parvis.requests.finding import Hit, find_types
from parvis.requests.levels import Levels
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.linked import SERVICE, WORDS
from parvis.web.portal.offer import card, levels_of, shelves, way_to
from parvis.web.portal.visit import AtPortal, Visit
from parvis_sdk.request_types import RequestType

AnyRequest = Request[Any, Any, Any]
MOST_TYPED = 2_000
MOST_SOUGHT = 200  # of them lead to services; all go with the person into the form
MOST_FOUND = 5
MOST_TOLD = 4


@get(patterns(":search"), name="search")
async def search(here: AtPortal, request: AnyRequest, q: FromQuery[str] = "") -> Response[str]:
    """Services for words. Where no service answers to them, all are shown: nobody leaves with nothing."""
    typed = " ".join(q[:MOST_TYPED].split())
    along = {WORDS: typed} if typed else {}
    levels = await levels_of(here)
    hits = find_types(here.host, here.types, typed[:MOST_SOUGHT], MOST_FOUND) if typed else ()
    return render(
        request,
        "portal/search.html",
        typed=typed,
        sure=any(hit.sure for hit in hits),
        cards=[found(here, levels, hit, **along) for hit in hits],
        themes=themes(here, **along),
        describe=describe(here, **along),
        search=address(here.language, ":search"),
        services=address(here.language, ":services", **along),
        alternates=in_each(here.town.languages, ":search", q=typed),
    )


def found(here: Visit, levels: Levels, hit: Hit, **along: str) -> dict[str, Any]:
    """A service as a card, with the words that led to it."""
    return {
        **card(here, hit.request_type, levels, **along),
        "because": [gettext("“%(words)s”") % {"words": word} for word in hit.because[:MOST_TOLD]],
    }


def themes(here: Visit, **along: str) -> list[dict[str, Any]]:
    """Every theme with its services."""
    return [
        {
            "title": shelf.theme.title,
            "icon": shelf.theme.icon,
            "href": address(here.language, ":services", shelf.theme.slug.to(here.language), **along),
            "kinds": [(each.title, way_to(here.language, each, **along)) for each in shelf.request_types],
        }
        for shelf in shelves(here.types)
    ]


def describe(here: Visit, **along: str) -> str:
    """Where one may tell the town what no service is for, with the words typed so far."""
    request_type = anything_else(here)
    return address(here.language, ":begin", **{SERVICE: request_type.code}, **along) if request_type else ""


def anything_else(here: Visit) -> RequestType | None:
    """The service that takes what no other does, where the town names one."""
    return next((request_type for request_type in here.types if request_type.code == here.town.anything_else), None)
