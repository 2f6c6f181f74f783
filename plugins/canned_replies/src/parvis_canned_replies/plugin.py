"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="canned_replies",
    title=Text(fr="Textes prêts", en="Ready texts"),
    summary=Text(
        fr="La Ville écrit une fois ce qu’elle répond souvent, et chacun l’insère, rempli, dans ses messages.",
        en="The town writes once what it often answers, and everybody puts it, filled in, into messages.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_canned_replies.tables",
    steps="parvis_canned_replies.migrations",
    personal="parvis_canned_replies.kept",
    desk="parvis_canned_replies.desk",
    town_files="parvis_canned_replies.ready_texts",
    demo="parvis_canned_replies.demo",
)
