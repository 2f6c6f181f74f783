"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="advisories",
    title=Text(fr="Avis en vigueur et horaires", en="Notices in force and schedules"),
    summary=Text(
        fr="Ce que les fichiers de la ville annoncent est dit avant qu’on dépose\u00a0: un service fermé, un passage "
        "prévu un autre jour.",
        en="What a town’s files announce is said before somebody files: a closed service, collection on another day.",
    ),
    host=">=0.1,<0.2",
    heard="parvis_advisories.heard",
    town_files="parvis_advisories.town_files",
)
