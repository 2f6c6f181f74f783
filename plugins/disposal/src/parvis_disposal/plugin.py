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
            summary="What is due for destruction, by rule; approve a list of it, or destroy what is approved.",
            written="parvis_disposal.commands:forget",
        ),
        Command(
            name="archive",
            group="towns",
            summary="Everything of a town that leaves, as one set that can be verified and read in elsewhere.",
            written="parvis_disposal.commands:archive",
        ),
        Command(
            name="read",
            group="towns",
            summary="Bring in a town from its archive.",
            written="parvis_disposal.commands:read_in",
        ),
        Command(
            name="end",
            group="towns",
            summary="Destroy what a town had that leaves, as it stands in its verified archive.",
            written="parvis_disposal.commands:end",
        ),
    ),
)
