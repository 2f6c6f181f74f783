"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="file_moves",
    title=Text(fr="Déménagement des fichiers", en="Moving files"),
    summary=Text(
        fr="Une commande déménage les fichiers vers un autre magasin pendant que la ville travaille, et vérifie "
        "chacun.",
        en="One command moves the files to another store while the town works, and verifies each one.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_file_moves.tables",
    steps="parvis_file_moves.migrations",
    personal=NOTHING_PERSONAL,
    commands=(
        Command(
            name="files",
            summary="Move files to another store while the town works; look whether each is there and whole.",
            written="parvis_file_moves.commands:files",
        ),
    ),
)
