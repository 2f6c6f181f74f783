"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="grants",
    title=Text(fr="Permis en vigueur", en="Permits in force"),
    summary=Text(
        fr="Durée de validité, renouvellement et transfert de ce que la Ville accorde; conditions avec "
        "échéances et preuves.",
        en="Validity, renewal and transfer of what the town grants; conditions with due dates and proofs.",
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
