"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="bulk_actions",
    title=Text(fr="Actions groupées", en="Bulk actions"),
    summary=Text(
        fr="Attribution, priorité ou étape appliquée à plusieurs requêtes de la file à la fois, avec "
        "possibilité d’annuler.",
        en="Assign, prioritize or move several requests of the queue at once, with the option to undo.",
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
