"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="absences",
    title=Text(fr="Absences", en="Absences"),
    summary=Text(
        fr="Les gens de la Ville disent quand ils s’absentent et qui les remplace, avec ou sans leurs rôles.",
        en="People of the town say when they are away and who stands in for them, with or without their roles.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_absences.tables",
    steps="parvis_absences.migrations",
    personal=NOTHING_PERSONAL,
    desk="parvis_absences.desk",
    demo="parvis_absences.demo",
)
