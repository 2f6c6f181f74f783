"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="merging",
    title=Text(fr="Fusion et scission", en="Merging and splitting"),
    summary=Text(
        fr="Le personnel fusionne les signalements d’un même problème, lie des requêtes et les scinde.",
        en="Staff merge reports of the same problem, link requests and split them.",
    ),
    host=">=0.1,<0.2",
    desk="parvis_merging.desk",
    api="parvis_merging.api",
    heard="parvis_merging.undoing",
    queue_actions="parvis_merging.for_many",
)
