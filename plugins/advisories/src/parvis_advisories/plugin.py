"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="advisories",
    title=Text(fr="Avis en vigueur et horaires", en="Notices in force and schedules"),
    summary=Text(
        fr="Les avis de la ville sont affichés avant l’envoi d’une requête\u00a0: un service "
        "fermé, une collecte prévue un autre jour.",
        en="Shows the town’s notices before a request is filed: a closed service, collection on another day.",
    ),
    host=">=0.1,<0.2",
    heard="parvis_advisories.heard",
    town_files="parvis_advisories.town_files",
)
