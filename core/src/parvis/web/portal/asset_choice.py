"""The town's own things to choose among in the step "where": the same in a list and on the map, or none of them."""

from typing import Any

from parvis.jurisdictions.assets import Asset
from parvis.requests.places.whose_place import named_assets, offered_assets
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.taking import StepResult
from parvis_sdk.problems import Problem
from parvis_sdk.text import Text

NONE = "-"
SPOT = "place-assets"
NEAR = 0.0003  # degrees within which a point is that of a thing
CHOOSE = Text(
    fr="Choisissez dans la liste, ou dites que ce n’est pas dans la liste.",
    en="Choose from the list, or say that it is not on the list.",
)


def take_assets(place: dict[str, Any], given: Any, before: dict[str, Any]) -> None:
    """What was chosen in the list. Without scripts the point is still that of the address: the thing's is better."""
    sent = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    codes = [code for code in sent if isinstance(code, str) and code and code != NONE]
    if place.get("address") != before.get("address") and codes == before.get("assets"):
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
        return named_assets(work.here.town, work.kind, chosen)
    return offered_assets(work.here.town, work.kind, lon, lat, chosen)


def listed(place: dict[str, Any]) -> list[str]:
    codes = place.get("assets")
    return [code for code in codes if isinstance(code, str)] if isinstance(codes, list) else []


def is_at(asset: Asset, place: dict[str, Any]) -> bool:
    try:
        return abs(float(place["lon"]) - asset.lon) < NEAR and abs(float(place["lat"]) - asset.lat) < NEAR
    except (KeyError, TypeError, ValueError):
        return False
