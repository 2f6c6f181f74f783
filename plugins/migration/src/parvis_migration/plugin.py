"""What this module brings."""

from parvis.modules import Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="migration",
    title=Text(fr="Reprise de données", en="Migration"),
    summary=Text(
        fr="Importation des requêtes d’un ancien système à partir de ses fichiers, après un essai à "
        "blanc, par lots qui peuvent être annulés. Les requêtes se retrouvent par leur ancien numéro.",
        en="Imports the requests of an old system from its files, after a dry run, in batches that can be "
        "undone. Requests can be found by their old number.",
    ),
    host=">=0.1,<0.2",
    may_use=("geodata",),
    tables="parvis_migration.tables",
    steps="parvis_migration.migrations",
    personal="parvis_migration.personal",
    words="parvis_migration.titles",
    heard="parvis_migration.heard",
    figures="parvis_migration.figures",
    commands=(
        Command(
            name="migration",
            summary="Import the requests of another system from its files; try an import, or undo a batch.",
            written="parvis_migration.commands:migration",
        ),
        Command(
            name="import",
            group="requests",
            summary="Import requests of another system, one JSON object per line.",
            written="parvis_migration.json_lines:import_",
        ),
    ),
)
