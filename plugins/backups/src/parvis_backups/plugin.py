"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="backups",
    title=Text(fr="Sauvegardes", en="Backups"),
    summary=Text(
        fr="Sauvegarde de la base de données, des fichiers, des paramètres et des clés. À la "
        "restauration, ce qui a été détruit depuis est détruit de nouveau.",
        en="Backs up the database, files, settings and keys. On restore, whatever has been destroyed "
        "since is destroyed again.",
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
            summary="Back up the database, files, settings and keys; verify a backup.",
            written="parvis_backups.commands:backup",
        ),
        Command(
            name="restore",
            summary="Restore a backup, then destroy again what was destroyed since.",
            written="parvis_backups.commands:restore",
        ),
    ),
)
