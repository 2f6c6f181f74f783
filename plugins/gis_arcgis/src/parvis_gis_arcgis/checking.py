"""The three answers of a check: do settings and layers fit, does ArcGIS answer, does it let us do what we must."""

from parvis_gis_arcgis.feature_layers import NoSuchLayer, count_of
from parvis_gis_arcgis.gis import Gis
from parvis_gis_arcgis.mapping import Layer, PublishedLayer, columns_of
from parvis_gis_arcgis.reading import read_layers
from parvis_sdk.connectors import Checked, Connection
from parvis_sdk.errors import Later, OutsideError
from parvis_sdk.mapping import unlike
from parvis_sdk.oauth import SignInRefused
from parvis_sdk.text import Text

FITS = Text(fr="Chaque correspondance est valide pour sa couche.", en="Each mapping is valid for its layer.")
UNFIT = Text(fr="Erreur\u00a0: {what}", en="Error: {what}")
NO_MAPPING = Text(
    fr="Aucune correspondance n’associe les requêtes à une couche.",
    en="No mapping associates requests with a layer.",
)
UNKNOWN = Text(fr="Non vérifié (aucune réponse).", en="Not checked (no answer).")
ANSWERS = Text(fr="ArcGIS répond.", en="ArcGIS responds.")
SILENT = Text(fr="ArcGIS ne répond pas\u00a0: {what}", en="ArcGIS is not responding: {what}")
LET_IN = Text(
    fr="Nos droits permettent de lire et de modifier les couches.",
    en="Our rights allow us to read and edit the layers.",
)
SHUT_OUT = Text(fr="Droits insuffisants\u00a0: {what}", en="Insufficient rights: {what}")


async def check(gis: Gis, connection: Connection) -> tuple[Checked, ...]:
    """Ask each layer what it is, and compare."""
    mappings = gis.settings.mappings
    if not mappings:
        return (Checked(code="settings", ok=False, said=NO_MAPPING),)
    client = gis.client(connection)
    try:
        layers = {to: await gis.layer(client, to, afresh=True) for to in dict.fromkeys(each.to for each in mappings)}
        for layer in layers.values():
            await count_of(client, layer, "1 = 0")
    except SignInRefused as error:
        return (
            Checked(code="settings", ok=False, said=UNKNOWN),
            Checked(code="reachable", ok=True, said=ANSWERS),
            Checked(code="allowed", ok=False, said=SHUT_OUT.format(what=error.words)),
        )
    except NoSuchLayer as error:
        return (
            Checked(code="settings", ok=False, said=UNFIT.format(what=error.words)),
            Checked(code="reachable", ok=True, said=ANSWERS),
        )
    except OutsideError as error:
        answered = not isinstance(error, Later)
        what = str(error)
        return (
            Checked(code="settings", ok=False, said=UNFIT.format(what=what) if answered else UNKNOWN),
            Checked(code="reachable", ok=answered, said=ANSWERS if answered else SILENT.format(what=what)),
        )
    wrong = [words for mapping in mappings for words in misfits(mapping, layers[mapping.to], gis)]
    lacking = [words for to, layer in layers.items() for words in rights_lacking(layer, gis, to)]
    return (
        Checked(code="settings", ok=not wrong, said=UNFIT.format(what="\n".join(wrong)) if wrong else FITS),
        Checked(code="reachable", ok=True, said=ANSWERS),
        Checked(code="allowed", ok=not lacking, said=SHUT_OUT.format(what="; ".join(lacking)) if lacking else LET_IN),
    )


def misfits(mapping: PublishedLayer, layer: Layer, gis: Gis) -> list[str]:
    """What of a mapping the layer does not take."""
    found = [str(mistake) for mistake in unlike(mapping, columns_of(layer))]
    where = f"mapping to {mapping.to!r}"
    if mapping.note and mapping.note not in layer.fields:
        found.append(f"{where} · there is no column {mapping.note!r} there")
    if layer.geometry and not layer.holds_points:
        found.append(f"{where} · {layer.name} does not hold points: its features stay without a place")
    if layer.edited and mapping.to in read_layers(gis.settings.mappings) and layer.time_zone not in ("", "UTC"):
        found.append(f"{where} · its edit dates are in {layer.time_zone}: have editor tracking keep them in UTC")
    return found


def rights_lacking(layer: Layer, gis: Gis, to: str) -> list[str]:
    """What we must do with a layer and may not."""
    wanted = {"Query", "Create", "Update"} | ({"Delete"} if gis.settings.erased == "delete" else set())
    able = layer.capabilities | (
        {"Create", "Update", "Delete"} if layer.capabilities == {"Query", "Editing"} else set()
    )
    lacking = [f"{layer.name}: {each}" for each in sorted(wanted - able)]
    if to in read_layers(gis.settings.mappings) and not layer.edited:
        lacking.append(f"{layer.name}: editor tracking, without which nothing is read back")
    if gis.settings.photos and not layer.has_attachments:
        lacking.append(f"{layer.name}: attachments (or set photos = false)")
    return lacking
