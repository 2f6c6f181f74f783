"""Beginning from a place: said in any way, found, confirmed; then on to what can be asked for there."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import TooManyRequestsException

from parvis.jurisdictions.places import locate
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.drafting import drafts
from parvis.requests.places.locating import find_places
from parvis.web.addresses import address, patterns
from parvis.web.pages import render
from parvis.web.portal.linked import PLACE, linked_by
from parvis.web.portal.photographed import TAKEN_ELSEWHERE, photo_here, remove_photo
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.typed import FormInput, typed
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
AS_TYPED, LOOK_UP, REMOVE = "as_typed", "_find", "_remove"
MOST_ADDRESSES = 6
LOOKS, WINDOW = 200, timedelta(hours=1)
OUTSIDE = Text(
    fr="Cet endroit est à l’extérieur de la ville. Déplacez le repère ou écrivez une autre adresse.",
    en="This place is outside the town. Move the pin or write another address.",
)


@get(patterns(":begin", ":place"), name="begin-place")
async def ask_place(here: AtPortal, request: AnyRequest) -> Response[Any]:
    link = await linked_by(here, request.query_params)
    return await show_place(here, dict(link.place), is_asked=bool(request.query_params.get(PLACE)))


@post(patterns(":begin", ":place"), name="begin-take-place", status_code=200)
async def take_place(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """A place that is sure leads on; an address that may be several is asked about once more."""
    if not await take_try(here.heart.engine, key_of("begin", caller_of(here.request)), LOOKS, WINDOW):
        raise TooManyRequestsException("Too many places were looked up from this address within the hour.")
    sent = await typed(request)
    if sent.text(REMOVE):
        gone = await remove_photo(here)
        return see_other(address(here.language, ":begin", ":place"), *gone)
    place = place_sent(sent)
    choice = sent.text("choice")
    if choice not in ("", AS_TYPED):
        place = {"address": choice}
    if not place:
        return await show_place(here, place, problem("place_missing", "place"))
    link = await linked_by(here, {PLACE: said_of(place)})
    if link.point and not locate(here.town, *link.point).inside:
        return await show_place(here, place, Problem(path="place", code="outside", message=OUTSIDE))
    if sent.text(LOOK_UP) or (link.point is None and choice != AS_TYPED):
        return see_other(address(here.language, ":begin", ":place", **link.query) + "#place-found")
    return see_other(address(here.language, ":begin", **link.query))


def place_sent(sent: FormInput) -> dict[str, str]:
    """The boxes as sent; a point that was shown with another address than the one now written is let go."""
    given = sent.values.get("place")
    boxes = given if isinstance(given, dict) else {}
    place = {name: value for name in ("lon", "lat", "address") if isinstance(value := boxes.get(name), str) and value}
    point = f"{place.get('lon', '')} {place.get('lat', '')}"
    if point == sent.text("point") and place.get("address", "") != sent.text("was"):
        place = {name: value for name, value in place.items() if name == "address"}
    return place


def said_of(place: dict[str, str]) -> str:
    return f"{place['lat']},{place['lon']}" if "lon" in place and "lat" in place else place.get("address", "")


async def show_place(
    here: Visit, place: dict[str, str], wrong: Problem | None = None, *, is_asked: bool = False
) -> Response[Any]:
    typed_address = place.get("address", "")
    is_open = is_asked and bool(typed_address) and "lon" not in place
    addresses = await find_places(here.heart, here.town, typed_address, MOST_ADDRESSES) if is_open else ()
    return render(
        here.request,
        "portal/begin_place.html",
        status=422 if wrong else 200,
        keep=False,
        place=place,
        problems=Problems(found=(wrong,)) if wrong else None,
        addresses=addresses,
        is_open=is_open,
        as_typed=AS_TYPED,
        token=drafts.form_token(here.heart.secret),
        photo=await photo_here(here),
        was_elsewhere=TAKEN_ELSEWHERE in here.request.query_params,
        action=address(here.language, ":begin", ":place"),
        begin_photo=address(here.language, ":begin", ":photo"),
        alternates={language: address(language, ":begin", ":place") for language in here.town.languages},
    )
