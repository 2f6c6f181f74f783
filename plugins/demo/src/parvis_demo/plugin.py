"""What this module brings."""

from parvis.modules import Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="demo",
    title=Text(fr="Démonstration", en="Demonstration"),
    summary=Text(
        fr="Deux villes inventées avec des mois de requêtes, et un autre système que l’on peut débrancher.",
        en="Two invented towns with months of requests, and another system whose line can be cut.",
    ),
    host=">=0.1,<0.2",
    needs=("address_search",),
    portal="parvis_demo.pages",
    commands=(
        Command(
            name="demo",
            summary="Prepare a demo town if needed, and serve it.",
            written="parvis_demo.commands:demo",
        ),
        Command(
            group="plugins",
            name="run",
            summary="Serve one plugin in a test town, and show what each event did.",
            written="parvis_demo.trial.command:run",
        ),
    ),
)
