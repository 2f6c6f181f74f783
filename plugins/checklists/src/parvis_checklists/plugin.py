"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="checklists",
    title=Text(fr="Listes de vérification", en="Checklists"),
    summary=Text(
        fr="Liste des vérifications à faire sur une requête, à cocher une par une.",
        en="List of items to check on a request, ticked one by one.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_checklists.tables",
    steps="parvis_checklists.migrations",
    personal="parvis_checklists.personal",
    words="parvis_checklists.titles",
    desk="parvis_checklists.desk",
    api="parvis_checklists.api",
    heard="parvis_checklists.heard",
    town_files="parvis_checklists.town_checklists",
)
