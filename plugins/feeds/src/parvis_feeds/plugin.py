"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="feeds",
    title=Text(fr="Flux pour d’autres outils", en="Feeds for other tools"),
    summary=Text(
        fr="QGIS et d’autres cartes lisent les requêtes par la norme OGC API Features.",
        en="QGIS and other maps read requests by the standard OGC API Features.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_feeds.portal",
)
