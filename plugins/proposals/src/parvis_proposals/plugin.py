"""What this module brings."""

from parvis.modules import Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="proposals",
    title=Text(fr="Portées et propositions des extensions", en="Plugin scopes and proposals"),
    summary=Text(
        fr="Portée autorisée pour chaque extension (trouver d’autres requêtes, corriger des réponses) et "
        "propositions que le personnel accepte ou décline.",
        en="The scope granted to each plugin (finding other requests, correcting answers), and proposals "
        "that staff accept or decline.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_proposals.tables",
    steps="parvis_proposals.migrations",
    personal="parvis_proposals.personal",
    words="parvis_proposals.titles",
    desk="parvis_proposals.desk",
    operators="parvis_proposals.operators",
    heard="parvis_proposals.heard",
    demo="parvis_proposals.demo",
    commands=(
        Command(
            name="scopes",
            group="plugins",
            summary="List what plugins may find, correct and propose, and what each town grants.",
            written="parvis_proposals.commands:scopes",
        ),
        Command(
            name="grant",
            group="plugins",
            summary="Grant what a subscription declares, in a town.",
            written="parvis_proposals.commands:grant",
        ),
        Command(
            name="revoke",
            group="plugins",
            summary="Revoke what a town granted to a subscription, immediately.",
            written="parvis_proposals.commands:revoke",
        ),
    ),
)
