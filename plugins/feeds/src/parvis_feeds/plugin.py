"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="feeds",
    title=Text(fr="Flux pour d’autres outils", en="Feeds for other tools"),
    summary=Text(
        fr="Les cartes lisent les requêtes par OGC API Features; Excel et Power BI, par OData, avec les chiffres; "
        "un agenda montre à chacun ses dates promises.",
        en="Maps read requests by OGC API Features, Excel and Power BI by OData, with figures; a calendar shows "
        "each person their promised dates.",
    ),
    host=">=0.1,<0.2",
    may_use=("dashboards", "inspections"),
    tables="parvis_feeds.tables",
    steps="parvis_feeds.migrations",
    personal=NOTHING_PERSONAL,
    portal="parvis_feeds.portal",
    desk="parvis_feeds.desk",
)
