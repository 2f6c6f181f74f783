"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="service_levels",
    title=Text(fr="Niveaux de service", en="Service levels"),
    summary=Text(
        fr="Délais promis selon le secteur, la priorité et la saison, essayés sur les requêtes passées "
        "avant leur mise en vigueur.",
        en="Promised response times by sector, priority and season, tested on past requests before they take effect.",
    ),
    host=">=0.1,<0.2",
    needs=("rulesets",),
    tables="parvis_service_levels.tables",
    steps="parvis_service_levels.migrations",
    personal=NOTHING_PERSONAL,
    words="parvis_service_levels.entry_titles",
    desk="parvis_service_levels.desk",
    chores="parvis_service_levels.chores",
    given="parvis_service_levels.keeping",
    procedures="parvis_service_levels.kept",
    town_files="parvis_service_levels.escalation",
    demo="parvis_service_levels.demo",
    commands=(
        Command(
            name="levels",
            summary="Show, check and try the service levels.",
            written="parvis_service_levels.commands:levels",
        ),
    ),
)
