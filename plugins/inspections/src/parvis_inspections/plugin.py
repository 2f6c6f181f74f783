"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="inspections",
    title=Text(fr="Inspections", en="Inspections"),
    summary=Text(
        fr="La Ville planifie ses visites, les fait sur place, point par point, et revoit ce qui est à corriger.",
        en="The town plans its visits, makes them on site, point by point, and looks again at what is to be corrected.",
    ),
    host=">=0.1,<0.2",
    may_use=("demo",),
    tables="parvis_inspections.tables",
    steps="parvis_inspections.migrations",
    personal="parvis_inspections.personal",
    part_kinds="parvis_inspections.visits",
    desk="parvis_inspections.desk",
    resident="parvis_inspections.resident",
    api="parvis_inspections.api",
    chores="parvis_inspections.chores",
    figures="parvis_inspections.figures",
    demo="parvis_inspections.demo",
)
