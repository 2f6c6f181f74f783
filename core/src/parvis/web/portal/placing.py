"""The step "where": an address found by its words, a pin, or a description; and whether the place is the town's."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis.jurisdictions.addresses import FoundAddress, sure_among
from parvis.jurisdictions.layers import Asset
from parvis.requests.locating import address_at, find_places
from parvis.requests.places import (
    PlaceOwnership,
    finds_addresses,
    misplaced,
    named_assets,
    offered_assets,
    pointed_at,
    standing,
)
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.steps import Step
from parvis.web.portal.taking import StepResult, rows_and_files, section_typed, whatever_is_wrong
from parvis.web.typed import FormInput
from parvis_sdk.problems import Problem, problem
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

NONE = "-"
SPOT = "place-assets"
NEAR = 0.0003  # degrees within which a point is that of a thing
CHOOSE = Text(
    fr="Choisissez dans la liste, ou dites que ce n’est pas dans la liste.",
    en="Choose from the list, or say that it is not on the list.",
)


def take_assets(place: dict[str, Any], given: Any, before: dict[str, Any], *, is_same_place: bool) -> None:
    """What was chosen in the list. Without scripts the point is still that of the address: the thing's is better."""
    sent = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    codes = [code for code in sent if isinstance(code, str) and code and code != NONE]
    if not is_same_place and codes == before.get("assets"):
        codes = []  # an address was rewritten, and what had been chosen is around the former one
    if codes:
        place["assets"] = codes
    elif NONE in sent:
        place["unlisted"] = "1"


def settle_assets(work: FormDraft, place: dict[str, Any], was_listed: bool) -> StepResult | None:
    """The point of what was chosen; where things are near and nothing was said of them, they are asked for."""
    offered = assets_here(work)
    chosen = [one for one in offered if one.code in listed(place)]
    if chosen:
        if not any(is_at(one, place) for one in chosen):
            place.update(lon=str(chosen[0].lon), lat=str(chosen[0].lat))
        return None
    if not offered or place.get("assets") or place.get("unlisted"):
        return None
    if was_listed:
        return StepResult(problems=(Problem(path=SPOT, code="choose", message=CHOOSE),))
    return StepResult(stay_at=SPOT)


def assets_here(work: FormDraft) -> tuple[Asset, ...]:
    """What is offered for the place of a draft."""
    place = part_of(work.raw, "place")
    chosen = tuple(listed(place))
    try:
        lon, lat = float(place["lon"]), float(place["lat"])
    except (KeyError, TypeError, ValueError):
        return named_assets(work.here.town, work.request_type, chosen)
    return offered_assets(work.here.town, work.request_type, lon, lat, chosen)


def listed(place: dict[str, Any]) -> list[str]:
    codes = place.get("assets")
    return [code for code in codes if isinstance(code, str)] if isinstance(codes, list) else []


def is_at(asset: Asset, place: dict[str, Any]) -> bool:
    try:
        return abs(float(place["lon"]) - asset.lon) < NEAR and abs(float(place["lat"]) - asset.lat) < NEAR
    except (KeyError, TypeError, ValueError):
        return False


AS_TYPED = "as_typed"
FIND, SAID = "_find", "_said"
PARTS = ("lon", "lat", "address", "words", "geometry", "told")
MOST_FOUND = 6
PLACING_NEAR = 60
NOT_FOUND = Text(
    fr="Nous n’avons pas trouvé cette adresse. Vérifiez-la, ou décrivez l’endroit en quelques mots.",
    en="We could not find this address. Check it, or describe the place in a few words.",
)
ELSEWHERE = Text(
    fr="Cet endroit ne relève pas de la Ville : voyez ci-dessous à qui vous adresser.",
    en="The town is not in charge of this place: see below whom to contact.",
)
PLACING_CHOOSE = Text(fr="Choisissez l’adresse parmi celles trouvées.", en="Choose the address among those found.")


class AddressChoice(Struct, frozen=True, kw_only=True):
    """Addresses to choose among, shown when the words did not name a single one."""

    found: tuple[FoundAddress, ...] = ()
    asked: bool = False


async def take_what(work: FormDraft, step: Step, typed: FormInput) -> StepResult:
    """The first page of a short form: the place and every question."""
    troubles = await section_typed(work, step, typed)
    if (pressed := await rows_and_files(work, typed)) is not None:
        place_typed(work, typed)
        return StepResult(problems=troubles, stay_at="" if troubles else pressed)
    if work.request_type.place.need == "none":
        return StepResult(problems=whatever_is_wrong(work, step, troubles))
    placed = await take_place(work, typed)
    if placed.stay_at:
        return StepResult(problems=troubles, stay_at="" if troubles else placed.stay_at)
    return StepResult(problems=(*placed.problems, *whatever_is_wrong(work, step, troubles)))


async def take_place(work: FormDraft, typed: FormInput) -> StepResult:
    """Takes the place over as typed, finds its point where that can be done without asking, and judges it."""
    place = place_typed(work, typed)
    work.raw.pop("found", None)
    if typed.text(FIND) and finds_addresses(work.here.host, work.here.town):
        return await look_up(work, place)
    if (asked := await settle_address(work, place, typed.text("choice"))) is not None:
        return asked
    if (asked := settle_assets(work, place, bool(part_of(typed.values, "place").get("listed")))) is not None:
        return asked
    return await judge(work)


def place_typed(work: FormDraft, typed: FormInput) -> dict[str, Any]:
    """Takes the place over as typed."""
    given = part_of(typed.values, "place")
    before = part_of(work.raw, "place")
    place = {name: value for name in PARTS if (value := given.get(name))}
    # A map that runs says so: it takes the point of a rewritten address away itself.
    is_held, is_old = bool(given.get("held")), is_stale(place, before)
    if is_old and not is_held:
        place.pop("lon", None)
        place.pop("lat", None)
    is_same_place = place.get("address") == before.get("address") or (is_old and is_held)
    take_assets(place, given.get("assets"), before, is_same_place=is_same_place)
    work.raw["place"] = place
    if typed.text(SAID):
        work.raw["said"] = True
    return place


async def look_up(work: FormDraft, place: dict[str, Any]) -> StepResult:
    """Without scripts: the addresses that the words may mean, and what of the town's stands around a single one."""
    work.raw["found"] = True
    address = place.get("address")
    if isinstance(address, str) and work.request_type.place.assets:
        found = await find_places(work.here.host, work.here.town, address[:200], MOST_FOUND)
        if exact := exactly(found, address):
            take_found(place, exact[0])
            return StepResult(stay_at=SPOT if assets_here(work) else "place")
    return StepResult(stay_at="place-found")


def is_stale(place: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Without scripts the point of an earlier choice would stay with an address that was rewritten."""
    same_point = place.get("lon") and (place.get("lon"), place.get("lat")) == (
        as_sent(before.get("lon")),
        as_sent(before.get("lat")),
    )
    return bool(same_point) and place.get("address") != before.get("address")


def as_sent(value: Any) -> str:
    return "" if value is None else str(value)


async def settle_address(work: FormDraft, place: dict[str, Any], choice: str) -> StepResult | None:
    """The point of an address that was typed: found at once, chosen among several, or asked for."""
    address = place.get("address")
    if not isinstance(address, str) or place.get("lon") or place.get("geometry") or place.get("assets"):
        return None
    asked = address if choice in ("", AS_TYPED) else choice
    found = await find_places(work.here.host, work.here.town, asked[:200], MOST_FOUND)
    exact = exactly(found, asked)
    if exact and choice != AS_TYPED:
        take_found(place, exact[0])
        return None
    if choice == AS_TYPED or place.get("words") or not finds_addresses(work.here.host, work.here.town):
        return None
    if not found:
        return StepResult(problems=(Problem(path="place", code="not_found", message=NOT_FOUND),))
    was_shown = choice == "" and work.raw.get("shown") == address
    work.raw["found"], work.raw["shown"] = True, address
    if was_shown:
        return StepResult(problems=(Problem(path="place-found", code="choose", message=PLACING_CHOOSE),))
    return StepResult(stay_at="place-found")


def exactly(found: tuple[FoundAddress, ...], address: str) -> list[FoundAddress]:
    sure = sure_among(found, address)
    return [sure] if sure else []


def take_found(place: dict[str, Any], found: FoundAddress) -> None:
    place.update(address=found.text, lon=str(found.lon), lat=str(found.lat))


async def judge(work: FormDraft) -> StepResult:
    """What is wrong with the place, if anything; a pin without words gets the nearest address."""
    place = part_of(work.raw, "place")
    if not any(place.get(part) for part in ("lon", "lat", "address", "words", "geometry", "assets")):
        needed = work.request_type.place.need == "required"
        return StepResult(problems=(problem("place_missing", "place"),) if needed else ())
    read = work.request_type.place.read(place)
    settled = (
        pointed_at(work.here.town, work.request_type, read, work.here.language) if isinstance(read, Place) else read
    )
    if not isinstance(settled, Place):
        return StepResult(problems=(at_place(settled),) if isinstance(settled, Problem) else ())
    if (wrong := misplaced(work.here.town, work.request_type, settled)) is not None:
        # Whose it is, and how to reach them, stands on the page with its links.
        message = ELSEWHERE if wrong.code == "not_ours" else wrong.message
        return StepResult(problems=(Problem(path=wrong.path, code=wrong.code, message=message),))
    if settled.lon is None or settled.lat is None:
        return StepResult()
    place.update(lon=str(settled.lon), lat=str(settled.lat))
    if not place.get("address"):
        near = await address_at(work.here.host, work.here.town, settled.lon, settled.lat, PLACING_NEAR)
        place |= {"address": address} if (address := near.text if near else settled.address) else {}
    work.raw["place"] = place
    owner = standing(work.here.town, work.request_type, settled.lon, settled.lat).owner
    # Somebody else's, and taken all the same: it is told once, then the person goes on.
    return StepResult(stay_at="place-verdict" if owner is not None and place.get("told") != owner.code else "")


def at_place(wrong: Problem) -> Problem:
    return Problem(path="place", code=wrong.code, message=wrong.message)


def standing_here(work: FormDraft) -> PlaceOwnership | None:
    """Whose the place of a draft is, as far as there is a point of it."""
    read = work.request_type.place.read(part_of(work.raw, "place"))
    place = pointed_at(work.here.town, work.request_type, read) if isinstance(read, Place) else None
    if not isinstance(place, Place) or place.lon is None or place.lat is None:
        return None
    return standing(work.here.town, work.request_type, place.lon, place.lat)


async def finding(work: FormDraft) -> AddressChoice:
    """The addresses to choose among on this page, when they were asked for."""
    place = part_of(work.raw, "place")
    address = place.get("address")
    if not work.raw.get("found") or place.get("lon") or not isinstance(address, str):
        return AddressChoice(asked=bool(work.raw.get("found")))
    found = await find_places(work.here.host, work.here.town, address[:200], MOST_FOUND)
    return AddressChoice(found=found, asked=True)
