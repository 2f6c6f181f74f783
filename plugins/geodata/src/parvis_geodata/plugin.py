"""What this module brings."""

from parvis.modules import NOTHING_PERSONAL, Command, Module
from parvis_sdk.text import Text

MODULE = Module(
    name="geodata",
    title=Text(fr="Données géographiques", en="Geographic data"),
    summary=Text(
        fr="Les zones, les équipements, les lieux et les adresses viennent des fichiers de la Ville, vérifiés avant "
        "d’être en vigueur, par versions qui peuvent être annulées.",
        en="Zones, assets, places and addresses come from the town’s own files, checked before they are in force, as "
        "versions that can be undone.",
    ),
    host=">=0.1,<0.2",
    personal=NOTHING_PERSONAL,
    commands=(
        Command(
            name="geodata",
            summary="Take zones, assets, places and addresses from shapefiles, GeoPackage, GeoJSON or CSV; undo it.",
            written="parvis_geodata.commands:geodata",
        ),
    ),
)
