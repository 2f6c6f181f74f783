"""The towns served here: their limits, units, zones, addresses, calendars, colours and words, read from files."""

from parvis.territory.address_book import AddressBook
from parvis.territory.addresses import Address, Crossing
from parvis.territory.addressing.found import FoundAddress, sure_among
from parvis.territory.assets import Asset, AssetLayer
from parvis.territory.assets import within as assets_within
from parvis.territory.base_map import DAY, NIGHT, BaseMap
from parvis.territory.board import NoticeBoard
from parvis.territory.brand import Brand
from parvis.territory.calendars import BusinessCalendar
from parvis.territory.ground import Area, Ground
from parvis.territory.jurisdictions import Jurisdiction, LanguageRegime, Link, Territory
from parvis.territory.layers import Areas, Here
from parvis.territory.levels import LevelRule, Season
from parvis.territory.loading import load_territory, loose_ends
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
from parvis.territory.renewing import Kept, LayerKept, kept_layer, renewed
from parvis.territory.routes import RouteRule
from parvis.territory.schedules import Schedule
from parvis.territory.services import ServiceWords
from parvis.territory.streets import Spot, Street, streets_through
from parvis.territory.tiles import DRAWN, address_at_source, is_tile
from parvis.territory.units import Unit
from parvis.territory.zones import Zone, outside

__all__ = [
    "DAY",
    "DRAWN",
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
    "Kept",
    "LanguageRegime",
    "LayerKept",
    "LevelRule",
    "Link",
    "Located",
    "MessageOverride",
    "Notice",
    "NoticeBoard",
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
    "address_at_source",
    "assets_within",
    "is_tile",
    "kept_layer",
    "known_of",
    "load_territory",
    "locate",
    "loose_ends",
    "misdrawn",
    "nearest_address",
    "nearest_assets",
    "nearest_crossing",
    "outside",
    "owner_of",
    "renewed",
    "route_inspection",
    "search_addresses",
    "streets_through",
    "sure_among",
    "zones_at",
]
