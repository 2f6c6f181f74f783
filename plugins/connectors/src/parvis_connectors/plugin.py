"""What this module brings."""

from parvis.modules import Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="connectors",
    title=Text(fr="Autres systèmes", en="Other systems"),
    summary=Text(
        fr="Échanges avec les systèmes reliés\u00a0: mises à jour reçues, état de chaque système et "
        "comparaison des données.",
        en="Exchanges with connected systems: updates received, status of each system and data comparison.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_connectors.tables",
    steps="parvis_connectors.migrations",
    personal="parvis_connectors.personal",
    operators="parvis_connectors.operators",
    portal="parvis_connectors.status",
    api="parvis_connectors.api",
    heard="parvis_connectors.heard",
    settings="parvis_connectors.settings",
    chores="parvis_connectors.chores",
    commands=(
        Command(
            name="connectors",
            summary="Check, pause and update connections to other systems.",
            written="parvis_connectors.commands:connectors",
        ),
    ),
)
