"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="interests",
    title=Text(fr="Conflits d’intérêts", en="Conflicts of interest"),
    summary=Text(
        fr="Les gens de la Ville déclarent d’avance ce qui les concerne, et n’en reçoivent aucune requête.",
        en="People of the town declare ahead what concerns them, and requests about it do not reach them.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_interests.tables",
    steps="parvis_interests.migrations",
    personal=NOTHING_PERSONAL,
    desk="parvis_interests.desk",
    given="parvis_interests.keeping",
    chores="parvis_interests.chores",
)
