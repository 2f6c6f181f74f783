"""Where a point lies, whose it is, and who receives what is asked there."""

from datetime import date
from typing import Any

import pytest

from parvis.jurisdictions import Jurisdiction, JurisdictionError, Jurisdictions
from parvis.jurisdictions.layers import nearest_assets
from parvis.jurisdictions.levels import LevelQuery, first_fitting, seasons_on
from parvis.jurisdictions.owners import owner_of
from parvis.jurisdictions.places import locate
from parvis.jurisdictions.services import town_message
from parvis.requests.levels import of_files, usual

MAIN = "essai/jurisdiction.toml"


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("127.0.0.1:8000", "parvis"),
        ("localhost:8000", "rivemont"),
        ("LOCALHOST", "rivemont"),
        ("localhost.", "rivemont"),
        ("unknown.example", "parvis"),
        ("[::1]:8000", "parvis"),
        ("", "parvis"),
        (None, "parvis"),
    ],
)
def test_the_host_decides_the_town(demo_jurisdictions: Jurisdictions, host: str | None, code: str) -> None:
    assert demo_jurisdictions.for_host(host).code == code


def test_the_second_town_has_its_own_brand_plugins_and_languages(demo_jurisdictions: Jurisdictions) -> None:
    rivemont = demo_jurisdictions.jurisdiction("rivemont")
    assert rivemont.brand.primary != demo_jurisdictions.jurisdiction("parvis").brand.primary
    assert rivemont.allows_plugin("reports")
    assert not rivemont.allows_plugin("permits")
    assert rivemont.language_regime == "english_on_declaration"


@pytest.mark.parametrize(
    ("lon", "lat", "zones"),
    [(-73.5800, 45.5250, ("plateau",)), (-73.5755, 45.5535, ("rosemont",)), (-73.6080, 45.5180, ("outremont",))],
)
def test_a_point_in_town_has_its_zone(town: Jurisdiction, lon: float, lat: float, zones: tuple[str, ...]) -> None:
    found = locate(town, lon, lat)
    assert found.inside
    assert found.zone_codes == zones
    assert found.zone == zones[0]


def test_a_point_elsewhere_is_outside_and_in_no_zone(town: Jurisdiction) -> None:
    found = locate(town, -71.2, 46.8)
    assert not found.inside
    assert (found.zone, found.zone_codes) == ("", ())


def test_a_point_on_the_border_of_two_zones_is_in_both(small_town: Any) -> None:
    found = locate(small_town.load(), -73.55, 45.53)
    assert found.inside
    assert found.zone_codes == ("west", "east")


def test_the_expressway_belongs_to_the_province_for_what_is_on_it(town: Jurisdiction) -> None:
    owner = owner_of(town, "pothole", -73.6372, 45.5466)
    assert owner is not None
    assert owner.link.startswith("https://")
    assert owner_of(town, "missed_collection", -73.6372, 45.5466) is None
    assert owner_of(town, "pothole", -73.58, 45.525) is None


def test_assets_come_nearest_first_and_within_reach(town: Jurisdiction) -> None:
    found = nearest_assets(town, "equipment", -73.58, 45.525, limit=3, within_m=800)
    assert len(found) == 3
    gaps = [(asset.lon + 73.58) ** 2 * 0.49 + (asset.lat - 45.525) ** 2 for asset in found]
    assert gaps == sorted(gaps)
    assert nearest_assets(town, "equipment", -73.58, 45.525, within_m=1) == ()
    assert nearest_assets(town, "lamps", -73.58, 45.525) == ()


MESSAGES = """
[[messages]]
type = "pothole"
transition = "repair"
subject = { fr = "Réparé", en = "Repaired" }

[[messages]]
type = "pothole"
body = { fr = "Tout nid-de-poule", en = "Any pothole" }

[[messages]]
transition = "repair"
body = { fr = "Toute réparation", en = "Any repair" }
"""


def test_the_most_fitting_message_of_the_town_is_taken(small_town: Any) -> None:
    small_town.write("essai/messages.toml", MESSAGES)
    town = small_town.load()

    def french(type_code: str, transition: str) -> str:
        message = town_message(town, type_code, transition)
        return (message.subject.fr or message.body.fr) if message else ""

    assert french("pothole", "repair") == "Réparé"
    assert french("pothole", "refuse") == "Tout nid-de-poule"
    assert french("graffiti", "repair") == "Toute réparation"
    assert french("graffiti", "refuse") == ""


def test_the_promise_of_the_town_replaces_that_of_the_type(small_town: Any) -> None:
    ordinary = '[[service_levels]]\ntype = "pothole"\nbusiness_days = 3\n'
    danger_only = '[[service_levels]]\ntype = "pothole"\nlevel = "danger"\nhours = 12\n'
    small_town.edit(MAIN, "[brand]", f"{danger_only}{ordinary}[brand]")
    town, day = small_town.load(), date(2026, 7, 1)
    danger, repair = (usual(of_files(town), town, "pothole", level, day) for level in ("danger", "repair"))
    assert danger is not None
    assert danger.hours == 12
    assert repair is not None
    assert repair.business_days == 3
    assert usual(of_files(town), town, "graffiti", "repair", day) is None


def test_levels_are_read_in_order_by_zone_priority_and_season(small_town: Any) -> None:
    winter = '[[seasons]]\ncode = "winter"\nname = { fr = "hiver", en = "winter" }\ndays = ["11-15", "04-01"]\n'
    urgent = '[[service_levels]]\ntype = "*"\npriorities = ["urgent"]\nbusiness_hours = 8\n'
    there = '[[service_levels]]\ntype = "pothole"\nzones = ["east"]\nseasons = ["winter"]\nbusiness_days = 9\n'
    ordinary = '[[service_levels]]\ntype = "pothole"\nbusiness_days = 3\n'
    small_town.edit(MAIN, "[brand]", f"{winter}{urgent}{there}{ordinary}[brand]")
    town = small_town.load()

    def line(day: date, **given: Any) -> int:
        seasons = seasons_on(town.seasons, day)
        found = first_fitting(
            town.service_levels, LevelQuery(type="pothole", level="standard", seasons=seasons, **given)
        )
        return found[0] if found else 0

    new_year, july = date(2027, 1, 1), date(2026, 7, 1)
    assert line(new_year, zones=("east",)) == 2
    assert line(july, zones=("east",)) == 3
    assert line(new_year) == 3
    assert line(new_year, zones=("east",), priority=2) == 1
    assert usual(of_files(town), town, "pothole", "standard", new_year).business_days == 3


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (
            '[[service_levels]]\ntype = "pothole"\nhours = 9\n'
            '[[service_levels]]\ntype = "pothole"\nlevel = "danger"\npriorities = ["urgent"]\nhours = 2\n',
            "never applies: line 1",
        ),
        ('[[service_levels]]\ntype = "pothole"\npriorities = ["urgente"]\nhours = 2\n', "not a priority"),
        ('[[service_levels]]\ntype = "pothole"\nseasons = ["hiver"]\nhours = 2\n', "not a season"),
        ('[[service_levels]]\ntype = "pothole"\nzones = ["lune"]\nhours = 2\n', "not a zone"),
        ('[[seasons]]\ncode = "winter"\nname = "hiver"\n', "days"),
    ],
)
def test_a_level_that_cannot_hold_is_told(small_town: Any, blocks: str, said: str) -> None:
    small_town.edit(MAIN, "[brand]", f"{blocks}[brand]")
    with pytest.raises(JurisdictionError) as told:
        small_town.load()
    assert said in str(told.value)


def test_a_zone_that_is_no_longer_drawn_keeps_its_name_and_holds_nothing(small_town):
    small_town.write("essai/former_zones.toml", 'north = { fr = "Nord", en = "North" }\nwest = "Vieil Ouest"\n')
    town = small_town.load()
    assert (town.zone("north").name.en, town.zone("west").name.fr) == ("North", "Ouest")
    assert [zone.code for zone in town.zones] == ["west", "east"]
    assert locate(town, -73.58, 45.53).zone_codes == ("west",)
    assert not town.unread


def test_a_former_zone_without_a_french_name_is_told(small_town):
    small_town.write("essai/former_zones.toml", 'north = { en = "North" }\n')
    with pytest.raises(JurisdictionError, match="has no French"):
        small_town.load()
