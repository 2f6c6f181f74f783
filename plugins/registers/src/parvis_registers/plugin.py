"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="registers",
    title=Text(fr="Registres des accès", en="Access registers"),
    summary=Text(
        fr="Des pages montrent les connexions, les consultations d’un jour, les identités révélées et si un historique "
        "est intact.",
        en="Pages show sign-ins, the access log of a day, revealed identities, and whether a history is intact.",
    ),
    host=">=0.1,<0.2",
    desk="parvis_registers.desk",
    operators="parvis_registers.operators",
)
