"""What the module answers to the core's hooks: the addresses of a town, and the fields that suggest them."""

from parvis.jurisdictions.addresses import AddressBase
from parvis_address_search.town_addresses import ADDRESSES

STEPS = ("adresses",)  # of the address at the portal
BASE = AddressBase(of=ADDRESSES.of, suggested_at=STEPS)
