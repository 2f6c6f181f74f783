"""What this module brings."""

from parvis.modules import Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="proposals",
    title=Text(fr="Portées et propositions des extensions", en="Scopes and proposals of plugins"),
    summary=Text(
        fr="Une extension trouve d’autres requêtes et corrige des réponses dans la portée qu’un exploitant autorise; "
        "ce qu’elle propose pour une autre requête, une personne de la Ville l’accepte ou le décline.",
        en="A plugin finds other requests and corrects answers within the scope that an operator grants; what it "
        "proposes for another request is accepted or declined by somebody of the town.",
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
            summary="What plugins would find, correct and propose, and what of it is granted in each town.",
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
            summary="Revoke what was granted to a subscription, in a town, at once.",
            written="parvis_proposals.commands:revoke",
        ),
    ),
)
