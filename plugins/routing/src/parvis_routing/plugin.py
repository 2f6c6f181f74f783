"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="routing",
    title=Text(fr="Acheminement", en="Routing"),
    summary=Text(
        fr="Règles qui attribuent chaque requête à une unité, essayées sur les requêtes passées avant "
        "leur mise en vigueur.",
        en="Rules that assign each request to a unit, tested on past requests before they come into force.",
    ),
    host=">=0.1,<0.2",
    needs=("rulesets",),
    tables="parvis_routing.tables",
    steps="parvis_routing.migrations",
    personal=NOTHING_PERSONAL,
    desk="parvis_routing.desk",
    given="parvis_routing.keeping",
    procedures="parvis_routing.kept",
    demo="parvis_routing.demo",
    commands=(
        Command(
            name="routing",
            summary="Show, check and try the routing rules.",
            written="parvis_routing.commands:routing",
        ),
    ),
)
