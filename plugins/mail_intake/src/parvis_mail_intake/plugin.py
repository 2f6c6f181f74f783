"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="mail_intake",
    title=Text(fr="Courriels reçus", en="Incoming mail"),
    summary=Text(
        fr="Ce que les gens écrivent à la Ville rejoint sa requête, ou attend qu’une personne de la Ville le trie.",
        en="What people write to the town goes to its request, or waits for somebody of the town to sort it.",
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
