"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="changes",
    title=Text(fr="Changements par l’API", en="Changes by the API"),
    summary=Text(
        fr="Un programme qui garde une copie des requêtes lit ce qui a changé depuis sa dernière lecture, sans rien "
        "manquer.",
        en="A program that keeps a copy of requests reads what has changed since it last read, and misses nothing.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_changes.tables",
    steps="parvis_changes.migrations",
    personal=NOTHING_PERSONAL,
    api="parvis_changes.api",
)
