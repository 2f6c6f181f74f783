"""What rooms of the core hear: who knows the addresses of a town, and where they are suggested."""

from parvis.jurisdictions.addresses import AddressBase
from parvis_address_search.town_addresses import ADDRESSES

STEPS = ("adresses",)  # of the address at the portal
BASE = AddressBase(of=ADDRESSES.of, suggested_at=STEPS)
