"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="map_tiles",
    title=Text(fr="Fond de carte par la Ville", en="Base map by way of the town"),
    summary=Text(
        fr="Les tuiles du fond de carte passent par la Ville : leur source ne sait rien de qui regarde.",
        en="Tiles of the base map pass through the town: their source knows nothing of who looks.",
    ),
    host=">=0.1,<0.2",
    portal="parvis_map_tiles.tiles",
)
