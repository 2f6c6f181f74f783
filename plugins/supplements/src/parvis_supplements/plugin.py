"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="supplements",
    title=Text(fr="Compléments", en="Supplements"),
    summary=Text(
        fr="Demande de corrections ou d’ajouts, point par point. La personne répond à tout sur une seule page.",
        en="Requests for corrections or additions, point by point. The requester answers everything on one page.",
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
