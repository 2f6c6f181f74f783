"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="promised_dates",
    title=Text(fr="Changement des dates promises", en="Changes of promised dates"),
    summary=Text(
        fr="Le personnel change la date promise d’une requête ou suspend son délai, et la personne lit pourquoi.",
        en="Staff change the promised date of a request or pause its response time, and the requester reads why.",
    ),
    host=">=0.1,<0.2",
    desk="parvis_promised_dates.desk",
    heard="parvis_promised_dates.heard",
)
