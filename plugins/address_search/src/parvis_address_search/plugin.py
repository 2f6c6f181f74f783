"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="address_search",
    title=Text(fr="Recherche d’adresses", en="Address search"),
    summary=Text(
        fr="Suggestions d’adresses, d’intersections et de lieux tirées des fichiers de la Ville, malgré "
        "les fautes de frappe.",
        en="Suggests addresses, intersections and places from the town’s files, despite typos.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_address_search.portal",
    api="parvis_address_search.api",
    heard="parvis_address_search.heard",
    town_files="parvis_address_search.town_addresses",
)
