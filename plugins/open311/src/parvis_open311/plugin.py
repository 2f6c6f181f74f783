"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="open311",
    title=Text(fr="Open311", en="Open311"),
    summary=Text(
        fr="Les applications et les systèmes d’autrui lisent les services et les requêtes publiques de la Ville, et en "
        "déposent, par la norme Open311 (GeoReport v2).",
        en="Apps and systems of others read the services and public requests of the town, and file requests, by the "
        "standard Open311 (GeoReport v2).",
    ),
    host=">=0.1,<0.2",
    tables="parvis_open311.tables",
    steps="parvis_open311.migrations",
    personal="parvis_open311.personal",
    portal="parvis_open311.pages",
    chores="parvis_open311.chores",
    settings="parvis_open311.settings",
)
