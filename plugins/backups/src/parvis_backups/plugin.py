"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="backups",
    title=Text(fr="Sauvegardes", en="Backups"),
    summary=Text(
        fr="Une commande sauvegarde la base de données, les fichiers, les réglages et les clés; une autre les restaure "
        "et détruit de nouveau ce qui a été détruit depuis.",
        en="One command backs up the database, the files, the settings and the keys; another one restores them, and "
        "destroys again what was destroyed since.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_backups.tables",
    steps="parvis_backups.migrations",
    personal=NOTHING_PERSONAL,
    operators="parvis_backups.operators",
    chores="parvis_backups.chores",
    commands=(
        Command(
            name="backup",
            summary="Make a set of database, files, settings and keys; look whether one is whole.",
            written="parvis_backups.commands:backup",
        ),
        Command(
            name="restore",
            summary="Restore a set, and destroy again what was destroyed since.",
            written="parvis_backups.commands:restore",
        ),
    ),
)
