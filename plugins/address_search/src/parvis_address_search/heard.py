"""What rooms of the core hear: who knows the addresses of a town, and where they are suggested."""

from parvis.jurisdictions.addresses import AddressBase
from parvis_address_search.portal import STEPS
from parvis_address_search.town_addresses import ADDRESSES

BASE = AddressBase(of=ADDRESSES.of, suggested_at=STEPS)
