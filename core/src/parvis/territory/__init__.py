"""The towns served here: their limits, units, zones, addresses, calendars, colours and words, read from files."""

from parvis.territory.address_book import AddressBook, FoundAddress
from parvis.territory.addresses import Address, Crossing
from parvis.territory.assets import Asset, AssetLayer
from parvis.territory.brand import Brand
from parvis.territory.calendars import BusinessCalendar
from parvis.territory.jurisdictions import BaseMap, Jurisdiction, LanguageRegime, Link, Territory
from parvis.territory.loading import load_territory, loose_ends
from parvis.territory.mistakes import TerritoryError, TerritoryMistake
from parvis.territory.overrides import MessageOverride, ServiceLevelOverride
from parvis.territory.owners import Owner
from parvis.territory.places import (
    Located,
    locate,
    nearest_address,
    nearest_assets,
    owner_of,
    route_to_unit,
    search_addresses,
)
from parvis.territory.routes import RouteRule
from parvis.territory.units import Unit
from parvis.territory.zones import Zone

__all__ = [
    "Address",
    "AddressBook",
    "Asset",
    "AssetLayer",
    "BaseMap",
    "Brand",
    "BusinessCalendar",
    "Crossing",
    "FoundAddress",
    "Jurisdiction",
    "LanguageRegime",
    "Link",
    "Located",
    "MessageOverride",
    "Owner",
    "RouteRule",
    "ServiceLevelOverride",
    "Territory",
    "TerritoryError",
    "TerritoryMistake",
    "Unit",
    "Zone",
    "load_territory",
    "locate",
    "loose_ends",
    "nearest_address",
    "nearest_assets",
    "owner_of",
    "route_to_unit",
    "search_addresses",
]
