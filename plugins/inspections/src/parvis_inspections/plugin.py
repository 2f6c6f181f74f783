"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="inspections",
    title=Text(fr="Inspections", en="Inspections"),
    summary=Text(
        fr="Planification des visites, grille remplie sur place et suivi des corrections.",
        en="Visit planning, on-site checklists and follow-up of corrections.",
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
