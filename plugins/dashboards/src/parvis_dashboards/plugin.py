"""What this module brings."""

from parvis.modules import Command, KeyScope, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="dashboards",
    title=Text(fr="Tableaux de bord", en="Dashboards"),
    summary=Text(
        fr="Tableau de bord des requêtes reçues, en attente et réglées, et de leurs délais. Rapports par "
        "courriel, chiffres publics et données ouvertes.",
        en="Dashboard of requests received, waiting and resolved, and their response times. Reports by "
        "email, public figures and open data.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_dashboards.tables",
    steps="parvis_dashboards.migrations",
    personal="parvis_dashboards.personal",
    api="parvis_dashboards.api",
    desk="parvis_dashboards.desk",
    portal="parvis_dashboards.portal",
    chores="parvis_dashboards.chores",
    town_files="parvis_dashboards.town_files",
    commands=(
        Command(
            name="open-data",
            summary="Export the public requests of a year as CSV.",
            written="parvis_dashboards.commands:open_data",
        ),
    ),
    scopes=(
        KeyScope(name="reports:read", title=Text(fr="Consulter les chiffres", en="View figures"), rights=("report",)),
    ),
)
