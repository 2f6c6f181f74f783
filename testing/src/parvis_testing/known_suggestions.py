"""Fixed address suggestions for scripts."""

from litestar import get
from litestar.params import FromQuery

from parvis.requests.locating import find_places
from parvis.web.portal.visit import AtPortal


@get(["/fr/adresses", "/en/adresses"])
async def suggest(here: AtPortal, q: FromQuery[str] = "") -> list[dict[str, object]]:
    """The fields that a box of suggestions shows."""
    found = await find_places(here.host, here.town, q)
    return [{"text": one.text, "lon": one.lon, "lat": one.lat} for one in found]
