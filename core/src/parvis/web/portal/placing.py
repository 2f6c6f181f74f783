"""The step "where": an address found by its words, a pin, or a description; and whether the place is the town's."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis.folding import words_of
from parvis.requests.intake import misplaced
from parvis.requests.locating import address_at, find_places
from parvis.territory import FoundAddress, Jurisdiction, Owner, owner_of
from parvis.web.portal.drafting import Working, part_of
from parvis.web.portal.taking import Taken
from parvis.web.typed import Typed
from parvis_sdk.places import read_place
from parvis_sdk.problems import Problem, problem
from parvis_sdk.request_types import Demand, RequestType
from parvis_sdk.requests import Place, Requester
from parvis_sdk.text import Text

AS_TYPED = "as_typed"
FIND = "_find"
MOST_FOUND = 6
NEAR = 60
NOT_FOUND = Text(
    fr="Nous n’avons pas trouvé cette adresse. Vérifiez-la, ou décrivez l’endroit en quelques mots.",
    en="We could not find this address. Check it, or describe the place in a few words.",
)
ELSEWHERE = Text(
    fr="Cet endroit ne relève pas de la Ville : voyez ci-dessous à qui vous adresser.",
    en="This place is not looked after by the town: see below whom to turn to.",
)
CHOOSE = Text(fr="Choisissez l’adresse parmi celles trouvées.", en="Choose the address among those found.")


class Finding(Struct, frozen=True, kw_only=True):
    """Addresses to choose among, shown when the words did not name a single one."""

    found: tuple[FoundAddress, ...] = ()
    asked: bool = False


async def take_place(work: Working, typed: Typed) -> Taken:
    """Takes the place over as typed, finds its point where that can be done without asking, and judges it."""
    given = part_of(typed.values, "place")
    before = part_of(work.raw, "place")
    place = {name: value for name in ("lon", "lat", "address", "words", "geometry") if (value := given.get(name))}
    if is_stale(place, before):
        place.pop("lon", None)
        place.pop("lat", None)
    work.raw["place"] = place
    work.raw.pop("found", None)
    if typed.text(FIND):
        work.raw["found"] = True
        return Taken(stay_at="place-found")
    if (asked := await settle_address(work, place, typed.text("choice"))) is not None:
        return asked
    return await judge(work)


def is_stale(place: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Without scripts the point of an earlier choice would stay with an address that was rewritten."""
    same_point = place.get("lon") and (place.get("lon"), place.get("lat")) == (
        as_sent(before.get("lon")),
        as_sent(before.get("lat")),
    )
    return bool(same_point) and place.get("address") != before.get("address")


def as_sent(value: Any) -> str:
    return "" if value is None else str(value)


async def settle_address(work: Working, place: dict[str, Any], choice: str) -> Taken | None:
    """The point of an address that was typed: found at once, chosen among several, or asked for."""
    address = place.get("address")
    if not isinstance(address, str) or place.get("lon") or place.get("geometry"):
        return None
    asked = address if choice in ("", AS_TYPED) else choice
    found = await find_places(work.here.heart, work.here.town, asked[:200], MOST_FOUND)
    exact = [one for one in found if words_of(one.text) == words_of(asked)]
    if exact and choice != AS_TYPED:
        take_found(place, exact[0])
        return None
    if choice == AS_TYPED or place.get("words"):
        return None
    if not found:
        return Taken(problems=(Problem(path="place", code="not_found", message=NOT_FOUND),))
    was_shown = choice == "" and work.raw.get("shown") == address
    work.raw["found"], work.raw["shown"] = True, address
    if was_shown:
        return Taken(problems=(Problem(path="place-found", code="choose", message=CHOOSE),))
    return Taken(stay_at="place-found")


def take_found(place: dict[str, Any], found: FoundAddress) -> None:
    place.update(address=found.text, lon=str(found.lon), lat=str(found.lat))


async def judge(work: Working) -> Taken:
    """What is wrong with the place, if anything; a pin without words gets the nearest address."""
    place = part_of(work.raw, "place")
    if not place:
        needed = work.kind.place.need == "required"
        return Taken(problems=(problem("place_missing", "place"),) if needed else ())
    read = read_place(place, work.kind.place.shapes)
    if isinstance(read, Problem):
        return Taken(problems=(Problem(path="place", code=read.code, message=read.message),))
    if (wrong := wrong_place(work.here.town, work.kind, read, work.here.language)) is not None:
        # Whose it is, and how to reach them, stands on the page with its links.
        message = ELSEWHERE if wrong.code == "not_ours" else wrong.message
        return Taken(problems=(Problem(path=wrong.path, code=wrong.code, message=message),))
    if read.lon is not None and read.lat is not None and not read.address:
        near = await address_at(work.here.heart, work.here.town, read.lon, read.lat, NEAR)
        work.raw["place"] = {**place, "address": near.text} if near else place
    return Taken()


def wrong_place(town: Jurisdiction, kind: RequestType, place: Place, language: str) -> Problem | None:
    demand = Demand(
        type=kind.code,
        language=language,
        channel="portal",
        answers={},
        attachments=(),
        place=place,
        requester=Requester(),
    )
    return misplaced(town, kind, demand)


def owner_here(work: Working) -> Owner | None:
    """Who else looks after this place, to be shown with where to turn to."""
    read = read_place(part_of(work.raw, "place"), work.kind.place.shapes)
    if isinstance(read, Problem) or read.lon is None or read.lat is None:
        return None
    return owner_of(work.here.town, work.kind.code, read.lon, read.lat)


async def finding(work: Working) -> Finding:
    """The addresses to choose among on this page, when they were asked for."""
    place = part_of(work.raw, "place")
    address = place.get("address")
    if not work.raw.get("found") or place.get("lon") or not isinstance(address, str):
        return Finding(asked=bool(work.raw.get("found")))
    found = await find_places(work.here.heart, work.here.town, address[:200], MOST_FOUND)
    return Finding(found=found, asked=True)
