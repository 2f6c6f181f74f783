"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="text_messages",
    title=Text(fr="Textos reçus", en="Incoming text messages"),
    summary=Text(
        fr="Textos reçus, rattachés à leur requête ou placés dans une liste à trier. Le mot STOP arrête les envois.",
        en="Incoming text messages, attached to their request or listed for sorting. The word STOP ends sending.",
    ),
    host=">=0.1,<0.2",
    needs=("sorting",),
    tables="parvis_text_messages.tables",
    steps="parvis_text_messages.migrations",
    personal="parvis_text_messages.personal",
    desk="parvis_text_messages.desk",
    operators="parvis_text_messages.operators",
    api="parvis_text_messages.api",
    chores="parvis_text_messages.chores",
    given="parvis_text_messages.stops",
)
