"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="merging",
    title=Text(fr="Fusion et partage", en="Merging and splitting"),
    summary=Text(
        fr="Les gens de la Ville joignent les signalements d’une même chose, lient des requêtes et en tirent d’autres.",
        en="The people of the town join reports of one thing, tie requests to each other and make others of parts.",
    ),
    host=">=0.1,<0.2",
    desk="parvis_merging.desk",
    api="parvis_merging.api",
    heard="parvis_merging.undoing",
    queue_actions="parvis_merging.for_many",
)
