"""The towns served here: their limits, units, zones, addresses, calendars, colours and words.

What reads them from files stands in `loading`, what renews their layers in `renewing`: who only asks a town for
something needs neither.
"""

from parvis.territory.address_book import AddressBook
from parvis.territory.addresses import Address, Crossing
from parvis.territory.addressing.found import FoundAddress, sure_among
from parvis.territory.assets import Asset, AssetLayer
from parvis.territory.assets import within as assets_within
from parvis.territory.base_map import DAY, NIGHT, BaseMap
from parvis.territory.brand import Brand
from parvis.territory.calendars import BusinessCalendar
from parvis.territory.ground import Area, Ground
from parvis.territory.jurisdictions import Jurisdiction, LanguageRegime, Link, Territory
from parvis.territory.layers import Areas, Here
from parvis.territory.levels import LevelRule, Season
from parvis.territory.mistakes import TerritoryError, TerritoryMistake
from parvis.territory.notices import Notice
from parvis.territory.overrides import MessageOverride
from parvis.territory.owners import Owner
from parvis.territory.places import (
    Located,
    known_of,
    locate,
    misdrawn,
    nearest_address,
    nearest_assets,
    nearest_crossing,
    owner_of,
    route_inspection,
    search_addresses,
    zones_at,
)
from parvis.territory.plane import Plane
from parvis.territory.routes import RouteRule
from parvis.territory.schedules import Schedule
from parvis.territory.services import ServiceWords
from parvis.territory.streets import Spot, Street, streets_through
from parvis.territory.units import Unit
from parvis.territory.zones import Zone, outside

__all__ = [
    "DAY",
    "NIGHT",
    "Address",
    "AddressBook",
    "Area",
    "Areas",
    "Asset",
    "AssetLayer",
    "BaseMap",
    "Brand",
    "BusinessCalendar",
    "Crossing",
    "FoundAddress",
    "Ground",
    "Here",
    "Jurisdiction",
    "LanguageRegime",
    "LevelRule",
    "Link",
    "Located",
    "MessageOverride",
    "Notice",
    "Owner",
    "Plane",
    "RouteRule",
    "Schedule",
    "Season",
    "ServiceWords",
    "Spot",
    "Street",
    "Territory",
    "TerritoryError",
    "TerritoryMistake",
    "Unit",
    "Zone",
    "assets_within",
    "known_of",
    "locate",
    "misdrawn",
    "nearest_address",
    "nearest_assets",
    "nearest_crossing",
    "outside",
    "owner_of",
    "route_inspection",
    "search_addresses",
    "streets_through",
    "sure_among",
    "zones_at",
]
