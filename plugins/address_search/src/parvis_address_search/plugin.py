"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="address_search",
    title=Text(fr="Recherche d’adresses", en="Address search"),
    summary=Text(
        fr="Les adresses, les intersections et les lieux des fichiers de la Ville se trouvent pendant qu’on les tape, "
        "même mal écrits.",
        en="Addresses, crossings and places in the files of the town are found while they are typed, misspelt or not.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_address_search.portal",
    api="parvis_address_search.api",
    heard="parvis_address_search.heard",
    town_files="parvis_address_search.town_addresses",
)
