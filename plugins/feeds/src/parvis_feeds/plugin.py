"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="feeds",
    title=Text(fr="Flux pour d’autres outils", en="Feeds for other tools"),
    summary=Text(
        fr="QGIS et d’autres cartes lisent les requêtes par OGC API Features; Excel et Power BI, par OData, avec les "
        "chiffres.",
        en="QGIS and other maps read requests by OGC API Features; Excel and Power BI by OData, with figures.",
    ),
    host=">=0.1,<0.2",
    may_use=("dashboards",),
    portal="parvis_feeds.portal",
)
