"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="supplements",
    title=Text(fr="Compléments", en="Supplements"),
    summary=Text(
        fr="La Ville demande ce qui est à corriger ou à ajouter, point par point; la personne répond sur une page.",
        en="The town asks for what is to be corrected or added, point by point; the person answers on one page.",
    ),
    host=">=0.1,<0.2",
    may_use=("demo",),
    tables="parvis_supplements.tables",
    steps="parvis_supplements.migrations",
    personal="parvis_supplements.completing",
    part_kinds="parvis_supplements.lists",
    desk="parvis_supplements.desk",
    resident="parvis_supplements.resident",
    api="parvis_supplements.api",
    chores="parvis_supplements.chores",
    demo="parvis_supplements.demo",
)
