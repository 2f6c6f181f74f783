"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="grants",
    title=Text(fr="Permis en vigueur", en="Permits in force"),
    summary=Text(
        fr="Ce qui est accordé vaut jusqu’à une date, se renouvelle et se transfère; ses conditions ont "
        "leurs échéances, et sont prouvées ou levées.",
        en="What is granted holds until a day, is renewed and handed over; its conditions have their own due dates, "
        "and are proved or waived.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_grants.tables",
    steps="parvis_grants.migrations",
    personal="parvis_grants.personal",
    part_kinds="parvis_grants.parts",
    desk="parvis_grants.desk",
    resident="parvis_grants.resident",
    portal="parvis_grants.portal",
    api="parvis_grants.api",
    chores="parvis_grants.chores",
)
