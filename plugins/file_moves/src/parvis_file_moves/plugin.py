"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="file_moves",
    title=Text(fr="Transfert des fichiers", en="File transfer"),
    summary=Text(
        fr="Transfert des fichiers vers un autre stockage, sans interruption du service, avec "
        "vérification de chaque fichier.",
        en="Transfers files to another store without interrupting service, and verifies each one.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_file_moves.tables",
    steps="parvis_file_moves.migrations",
    personal=NOTHING_PERSONAL,
    commands=(
        Command(
            name="files",
            summary="Move files to another store while the town works; verify stored files.",
            written="parvis_file_moves.commands:files",
        ),
    ),
)
