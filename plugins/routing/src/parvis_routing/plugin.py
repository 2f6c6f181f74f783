"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="routing",
    title=Text(fr="Acheminement", en="Routing"),
    summary=Text(
        fr="La Ville écrit les règles qui disent à qui va chaque requête, et les essaie d’abord sur le passé.",
        en="The town writes the rules that say whose each request is, and tries them on the past first.",
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
            summary="Which unit receives which request, by the rules in force and by those of a file.",
            written="parvis_routing.commands:routing",
        ),
    ),
)
