"""What the browser asks about a point while a form is filled in: its address, whose it is, what stands there."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery

from parvis.requests.locating import address_at
from parvis.requests.offered import type_of
from parvis.requests.places import offered_assets, standing
from parvis.web.addresses import patterns
from parvis.web.pages import Pages
from parvis.web.portal.placing import PLACING_NEAR
from parvis.web.portal.visit import AtPortal

AnyRequest = Request[Any, Any, Any]
MOST_CHOSEN = 50
KEPT_BRIEFLY = {"cache-control": "private, max-age=300"}


@get(patterns(":place"), name="place")
async def judged(
    here: AtPortal,
    request: AnyRequest,
    type: FromQuery[str],
    lon: FromQuery[float],
    lat: FromQuery[float],
    chosen: FromQuery[list[str] | None] = None,
) -> Response[dict[str, Any]]:
    """All that a map needs to know of one point, in one answer: its address, whose it is, the town's things around."""
    request_type = type_of(here.host, here.town, type)
    if request_type is None or not (abs(lon) <= 180 and abs(lat) <= 90):
        raise NotFoundException("There is nothing to say of this point.")
    codes = tuple((chosen or ())[:MOST_CHOSEN])
    near = await address_at(here.host, here.town, lon, lat, PLACING_NEAR)
    found = standing(here.town, request_type, lon, lat)
    offered = offered_assets(here.town, request_type, lon, lat, codes)
    return Response(
        {
            "address": near.text if near else "",
            "stands": found.stands,
            "verdict": part(request, "verdict", standing=found),
            "assets": part(request, "assets", assets=offered, request_type=request_type, chosen=codes, problem=None),
        },
        headers=KEPT_BRIEFLY,
    )


def part(request: AnyRequest, name: str, **values: Any) -> str:
    """A part of the step "where", as the page itself shows it."""
    pages: Pages = request.app.state.pages
    html: str = pages.environment.get_template(f"portal/place_{name}.html").render(page=pages.page(request), **values)
    return html.strip()
