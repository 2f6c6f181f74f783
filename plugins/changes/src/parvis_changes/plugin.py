"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="changes",
    title=Text(fr="Changements par l’API", en="Changes through the API"),
    summary=Text(
        fr="Liste complète et ordonnée des changements, pour les programmes qui gardent une copie des requêtes.",
        en="A complete, ordered list of changes, for programs that keep a copy of requests.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_changes.tables",
    steps="parvis_changes.migrations",
    personal="parvis_changes.personal",
    api="parvis_changes.api",
    chores="parvis_changes.clearing",
)
