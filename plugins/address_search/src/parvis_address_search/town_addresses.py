"""What a town says of its addresses, in `addresses.csv` and the files beside it: any of them may be missing."""

from parvis.jurisdictions.addresses import NO_ADDRESSES, Addresses
from parvis.jurisdictions.layers import ASSETS
from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import Surroundings, TownFile
from parvis_address_search.reading import read_address_book


def read_addresses(table: Table, around: Surroundings) -> Addresses:
    """The address book of a town; where its files name no address, crossing or place it has none."""
    book = read_address_book(
        table.findings,
        table.file.parent,
        around.plane,
        town=around.name,
        zones=around.areas,
        layers=around.read.get(ASSETS.name, ASSETS.usual),
    )
    return book if len(book.addresses) or book.crossings or book.places else NO_ADDRESSES


ADDRESSES: TownFile[Addresses] = TownFile(name="addresses.csv", read=read_addresses, usual=NO_ADDRESSES, always=True)
TOWN_FILES = (ADDRESSES,)
