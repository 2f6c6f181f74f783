"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="incidents",
    title=Text(fr="Incidents, opérations et avis", en="Incidents, operations and notices"),
    summary=Text(
        fr="Annonce, regroupement et suivi de ce qui touche beaucoup de personnes à la fois. Avis qui "
        "informent ou ferment des services.",
        en="Announces, groups and follows up on what affects many people at once. Notices that inform or "
        "close services.",
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
