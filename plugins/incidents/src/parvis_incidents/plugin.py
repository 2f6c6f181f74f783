"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="incidents",
    title=Text(fr="Incidents, opérations et avis", en="Incidents, operations and notices"),
    summary=Text(
        fr="Ce qui touche beaucoup de monde à la fois est annoncé, rassemblé et suivi; des avis ferment des services.",
        en="What concerns many people at once is announced, gathered and followed; notices close services.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_incidents.tables",
    steps="parvis_incidents.migrations",
    personal="parvis_incidents.personal",
    words="parvis_incidents.titles",
    heard="parvis_incidents.heard",
    desk="parvis_incidents.desk",
    portal="parvis_incidents.portal",
    resident="parvis_incidents.resident",
    chores="parvis_incidents.chores",
    demo="parvis_incidents.demo",
)
