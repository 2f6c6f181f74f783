"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="interests",
    title=Text(fr="Conflits d’intérêts", en="Conflicts of interest"),
    summary=Text(
        fr="Le personnel déclare d’avance ses conflits d’intérêts et ne reçoit pas les requêtes visées.",
        en="Staff declare conflicts of interest in advance and do not receive the requests concerned.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_interests.tables",
    steps="parvis_interests.migrations",
    personal=NOTHING_PERSONAL,
    desk="parvis_interests.desk",
    given="parvis_interests.keeping",
    chores="parvis_interests.chores",
)
