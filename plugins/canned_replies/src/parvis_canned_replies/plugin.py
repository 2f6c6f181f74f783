"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="canned_replies",
    title=Text(fr="Réponses types", en="Canned replies"),
    summary=Text(
        fr="Réponses types de la Ville, à insérer dans les messages et remplies selon la requête.",
        en="Canned replies of the town, inserted in messages and filled in for each request.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_canned_replies.tables",
    steps="parvis_canned_replies.migrations",
    personal="parvis_canned_replies.kept",
    desk="parvis_canned_replies.desk",
    town_files="parvis_canned_replies.ready_texts",
    demo="parvis_canned_replies.demo",
)
