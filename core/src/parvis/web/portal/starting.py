"""Beginning from a place, a link or a code to scan: what is known is shown, and goes into the form that is chosen."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import TooManyRequestsException
from msgspec import Struct

from parvis.jurisdictions.owners import Owner, owner_of
from parvis.jurisdictions.places import locate
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.plugins.trying import Success
from parvis.requests import drafting
from parvis.requests.finding import find_types
from parvis.requests.locating import find_places
from parvis.requests.places import finds_addresses
from parvis.web.addresses import address, patterns
from parvis.web.pages import render
from parvis.web.panels import tried
from parvis.web.places import SlotItem
from parvis.web.portal.apply import count_new
from parvis.web.portal.device import ANOTHER, held_tokens
from parvis.web.portal.drafting import anew, mark_of
from parvis.web.portal.linked import PLACE, SERVICE, WORDS, LinkTarget, filled_in, known_along, linked_by
from parvis.web.portal.offer import levels_of, shelves
from parvis.web.portal.searching import MOST_FOUND, found
from parvis.web.portal.steps import is_short
from parvis.web.portal.visit import DRAFT_FIELD, AtPortal, Visit, apply_address, see_other
from parvis.web.typed import FormInput, typed
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
AS_TYPED, LOOK_UP, REMOVE = "as_typed", "_find", "_remove"
MOST_ADDRESSES = 6
LOOKS, WINDOW = 200, timedelta(hours=1)
OUTSIDE = Text(
    fr="Cet endroit est à l’extérieur de la ville. Déplacez le repère ou écrivez une autre adresse.",
    en="This place is outside the town. Move the pin or write another address.",
)


TAKEN_ELSEWHERE = "elsewhere"  # in the address of the page that asks for the place: the photo told none of the town


class WaitingPhoto(Struct, frozen=True, kw_only=True):
    """The photo that waits for a form, under the token that the draft of that form will have."""

    token: str
    file: Attachment
    preview: str


class BroughtAlong(SlotItem, frozen=True, kw_only=True):
    """What a request is begun with besides a place: `name` is its page below `:begin`, `found` what waits of this
    browser for a form, which `remove` takes away and `forget` leaves to the form that has it now."""

    found: Callable[[Visit], Awaitable[WaitingPhoto | None]]
    remove: Callable[[Visit], Awaitable[list[Cookie]]]
    forget: Callable[[Visit, WaitingPhoto | None], list[Cookie]]


def beginnings(here: Visit) -> tuple[BroughtAlong, ...]:
    """What the town lets people begin with besides a place."""
    return here.nouns(BroughtAlong, "portal.begin")


def begun_with(here: Visit, **query: str) -> str:
    """Where one begins with a photo; empty where the town has no such page."""
    return next((address(here.language, ":begin", each.name, **query) for each in beginnings(here)), "")


async def photo_here(here: Visit) -> WaitingPhoto | None:
    """The photo with which this browser began, as long as no form has it."""
    for each in beginnings(here):
        done = await tried(each.owner, each.name, partial(each.found, here))
        if isinstance(done, Success) and done.value is not None:
            return done.value
    return None


@get(patterns(":begin", ":place"), name="begin-place")
async def ask_place(here: AtPortal, request: AnyRequest) -> Response[Any]:
    link = await linked_by(here, request.query_params)
    return await show_place(here, dict(link.place), is_asked=bool(request.query_params.get(PLACE)))


@post(patterns(":begin", ":place"), name="begin-take-place", status_code=200)
async def take_place(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """A place that is sure leads on; an address that may be several is asked about once more."""
    if not await take_try(here.host.engine, key_of("begin", caller_of(here.request)), LOOKS, WINDOW):
        raise TooManyRequestsException("Too many places were looked up from this address within the hour.")
    sent = await typed(request)
    if sent.text(REMOVE):
        gone = [cookie for each in beginnings(here) for cookie in await each.remove(here)]
        return see_other(address(here.language, ":begin", ":place", **known_along(here, SERVICE)), *gone)
    place = place_sent(sent)
    choice = sent.text("choice")
    if choice not in ("", AS_TYPED):
        place = {"address": choice}
    if not place:
        return await show_place(here, place, problem("place_missing", "place"))
    link = await linked_by(here, {**known_along(here, SERVICE), PLACE: said_of(place)})
    if link.point and not locate(here.town, *link.point).inside:
        return await show_place(here, place, Problem(path="place", code="outside", message=OUTSIDE))
    is_asked = bool(sent.text(LOOK_UP)) or (link.point is None and choice != AS_TYPED)
    if is_asked and finds_addresses(here.host, here.town):
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
    is_open = is_asked and "lon" not in place and bool(typed_address) and finds_addresses(here.host, here.town)
    addresses = await find_places(here.host, here.town, typed_address, MOST_ADDRESSES) if is_open else ()
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
        token=drafting.form_token(here.host.secret),
        photo=await photo_here(here),
        was_elsewhere=TAKEN_ELSEWHERE in here.request.query_params,
        action=address(here.language, ":begin", ":place", **known_along(here, SERVICE)),
        begin_photo=begun_with(here, **known_along(here, SERVICE)),
        alternates={language: address(language, ":begin", ":place") for language in here.town.languages},
    )


MOST_ASKED = 200


@get(patterns(":begin"), name="begin")
async def begin(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """What can be asked for with what is known so far: the place, the photo, the service itself."""
    link = await linked_by(here, request.query_params)
    photo = await photo_here(here)
    if (form := form_at_once(here, link)) and photo is None:
        return see_other(form)
    asked = " ".join(str(request.query_params.get("q", ""))[:MOST_ASKED].split())
    return render(
        request,
        "portal/begin.html",
        keep=False,
        link=link,
        hidden=link.query,
        photo=photo,
        token=drafting.form_token(here.host.secret),
        action=address(here.language, ":begin"),
        asked=asked,
        change_place=address(here.language, ":begin", ":place", **link.query | ({WORDS: asked} if asked else {})),
        another=address(
            here.language, ":begin", **{name: said for name, said in link.query.items() if name != SERVICE}
        ),
        alternates={language: address(language, ":begin", **link.query) for language in here.town.languages},
        **await offers(here, link, asked),
    )


def form_at_once(here: Visit, link: LinkTarget) -> str:
    """The form of the service that a link names, where it is short and nothing has to be said first."""
    if link.request_type is None or link.unread or link.point is None or not is_short(link.request_type):
        return ""
    ours, _ = apart(here, link)
    known = {name: value for name, value in link.query.items() if name != SERVICE}
    return (
        apply_address(here.language, link.request_type, **{ANOTHER: "1"}, **known) if link.request_type in ours else ""
    )


async def offers(here: Visit, link: LinkTarget, asked: str) -> dict[str, Any]:
    """The services of this place by theme, those that the words may mean first; and what others look after here."""
    ours, others = apart(here, link)
    words = asked or link.words
    levels = await levels_of(here)
    hits = find_types(here.host, ours, words, MOST_FOUND) if words and link.request_type is None else ()
    return {
        "found": [found(here, levels, hit) | {"code": hit.request_type.code} for hit in hits],
        "shelves": shelves(ours),
        "others": others,
        "near": near_address(here, link),
        "is_outside": link.point is not None and not locate(here.town, *link.point).inside,
    }


def apart(here: Visit, link: LinkTarget) -> tuple[list[RequestType], list[tuple[RequestType, Owner]]]:
    """The services that the town gives at a place, and those of others there with whom to turn to."""
    point = link.point
    if point is None:
        return list(here.types), []
    inside = locate(here.town, *point).inside
    ours: list[RequestType] = []
    others: list[tuple[RequestType, Owner]] = []
    for request_type in here.types:
        if request_type.place.need == "none":
            continue
        if (owner := owner_of(here.town, request_type.code, *point)) is not None:
            others.append((request_type, owner))
        elif inside or not request_type.place.inside:
            ours.append(request_type)
    return ours, others


def near_address(here: Visit, link: LinkTarget) -> str:
    """The list of what others have reported around the place, where the town has one."""
    if link.point is None:
        return ""
    lon, lat = link.point
    return here.list_address(near=f"{lat},{lon}")


@post(patterns(":begin"), name="begin-form", status_code=200)
async def begin_form(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """The service is chosen: its form, with everything known already in it."""
    sent = await typed(request)
    link = await linked_by(here, sent.values)
    if link.request_type is None:
        return see_other(address(here.language, ":begin", **link.query))
    photo = await photo_here(here)
    token = photo.token if photo else sent.text(DRAFT_FIELD)
    if not drafting.is_ours(here.host.secret, token):
        token = drafting.form_token(here.host.secret)
    held = held_tokens(here, link.request_type.code)
    if await drafting.load(here.host, token):  # by a second press of the same button
        return see_other(apply_address(here.language, link.request_type, **mark_of(token, held)))
    work = anew(here, link.request_type, held, token)
    await count_new(work)
    work.raw = filled_in(link.request_type, link, photo.file.id if photo else "")
    cookies = await work.save()
    return see_other(work.at(), *cookies, *(cookie for each in beginnings(here) for cookie in each.forget(here, photo)))
