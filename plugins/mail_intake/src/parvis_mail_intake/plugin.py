"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="mail_intake",
    title=Text(fr="Courriels reçus", en="Incoming email"),
    summary=Text(
        fr="Courriels reçus, rattachés à leur requête ou placés dans une liste à trier.",
        en="Incoming emails, attached to their request or listed for sorting.",
    ),
    host=">=0.1,<0.2",
    needs=("sorting",),
    tables="parvis_mail_intake.tables",
    steps="parvis_mail_intake.migrations",
    personal="parvis_mail_intake.personal",
    desk="parvis_mail_intake.desk",
    chores="parvis_mail_intake.chores",
    given="parvis_mail_intake.settings",
)
