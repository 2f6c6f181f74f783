"""What this module brings."""

from parvis.modules import Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="disposal",
    title=Text(fr="Élimination des dossiers", en="Records disposal"),
    summary=Text(
        fr="Destruction des requêtes à échéance, par listes signées et approuvées. Effacement à la "
        "demande d’une personne, sur décision de deux autres.",
        en="Destruction of requests past retention, by signed and approved lists. Erasure at a person’s "
        "request, decided by two other people.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_disposal.tables",
    steps="parvis_disposal.migrations",
    personal="parvis_disposal.personal",
    desk="parvis_disposal.desk",
    operators="parvis_disposal.operators",
    chores="parvis_disposal.chores",
    heard="parvis_disposal.heard",
    town_files="parvis_disposal.town_destruction",
    commands=(
        Command(
            name="forget",
            group="requests",
            summary="List what is due for destruction, approve a list, or destroy what is approved.",
            written="parvis_disposal.commands:forget",
        ),
        Command(
            name="archive",
            group="towns",
            summary="Export a town that leaves as one archive that can be verified and imported elsewhere.",
            written="parvis_disposal.commands:archive",
        ),
        Command(
            name="read",
            group="towns",
            summary="Import a town from its archive.",
            written="parvis_disposal.commands:read_in",
        ),
        Command(
            name="password",
            group="people",
            summary="Give an account another password, and sign it out everywhere.",
            written="parvis_disposal.commands:password",
        ),
        Command(
            name="end",
            group="towns",
            summary="Destroy the data of a town that left, after its archive is verified.",
            written="parvis_disposal.commands:end",
        ),
    ),
)
