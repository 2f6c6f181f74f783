"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="mandates",
    title=Text(fr="Mandats", en="Mandates"),
    summary=Text(
        fr="Mandats\u00a0: qui parle au nom de qui, jusqu’à quand. Chaque communication est inscrite au "
        "registre des accès.",
        en="Mandates: who speaks on behalf of whom, and until when. Every disclosure is recorded in the access log.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_mandates.tables",
    steps="parvis_mandates.migrations",
    personal="parvis_mandates.personal",
    words="parvis_mandates.titles",
    desk="parvis_mandates.desk",
    resident="parvis_mandates.resident",
    chores="parvis_mandates.chores",
    heard="parvis_mandates.heard",
)
