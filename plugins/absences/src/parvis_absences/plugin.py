"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="absences",
    title=Text(fr="Absences", en="Absences"),
    summary=Text(
        fr="Absences du personnel et remplacements, avec ou sans prêt des rôles.",
        en="Staff absences and replacements, with or without lending roles.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_absences.tables",
    steps="parvis_absences.migrations",
    personal=NOTHING_PERSONAL,
    desk="parvis_absences.desk",
    demo="parvis_absences.demo",
)
