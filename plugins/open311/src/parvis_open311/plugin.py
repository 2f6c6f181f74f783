"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="open311",
    title=Text(fr="Open311", en="Open311"),
    summary=Text(
        fr="Consultation des services et des requêtes publiques, et dépôt de requêtes, par d’autres "
        "applications et systèmes (norme Open311, GeoReport v2).",
        en="Lets other apps and systems read the town’s services and public requests, and file requests "
        "(Open311 standard, GeoReport v2).",
    ),
    host=">=0.1,<0.2",
    tables="parvis_open311.tables",
    steps="parvis_open311.migrations",
    personal="parvis_open311.personal",
    portal="parvis_open311.pages",
    chores="parvis_open311.chores",
    settings="parvis_open311.settings",
)
