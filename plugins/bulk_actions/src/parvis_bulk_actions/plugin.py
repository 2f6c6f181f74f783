"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="bulk_actions",
    title=Text(fr="Actions groupées", en="Bulk actions"),
    summary=Text(
        fr="Les gens de la Ville cochent des requêtes de la file et font la même chose pour toutes, puis l’annulent.",
        en="The people of the town tick requests of the queue, do the same to all of them, and take it back.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_bulk_actions.tables",
    steps="parvis_bulk_actions.migrations",
    personal="parvis_bulk_actions.batches",
    desk="parvis_bulk_actions.desk",
    api="parvis_bulk_actions.api",
    chores="parvis_bulk_actions.chores",
    heard="parvis_bulk_actions.heard",
)
