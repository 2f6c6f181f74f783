"""The three answers of a check of a layer: do its settings fit, does it answer, does it let us read."""

from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_gis_arcgis.synchronising import ArcGISCaller, Ids, LayerDescription, edit_column, misfits, together
from parvis_sdk.connectors import Checked
from parvis_sdk.errors import Later, OutsideError
from parvis_sdk.oauth import SignInRefused
from parvis_sdk.text import Text

FITS = Text(fr="Les paramètres sont valides pour la couche; {how}.", en="The settings are valid for the layer; {how}.")
BY_EDITS = Text(fr="seuls les changements sont relus", en="only changes are read again")
BY_ROWS = Text(
    fr="sans date de modification, toutes les lignes sont relues",
    en="without edit dates, all rows are read again",
)
UNFIT = Text(fr="Erreur\u00a0: {what}", en="Error: {what}")
UNKNOWN = Text(fr="Non vérifié (aucune réponse).", en="Not checked (no answer).")
ANSWERS = Text(fr="La couche répond.", en="The layer responds.")
SILENT = Text(fr="La couche ne répond pas\u00a0: {what}", en="The layer is not responding: {what}")
MAY_READ = Text(
    fr="Nos droits permettent de lire la couche (éléments\u00a0: {many}).",
    en="Our rights allow us to read the layer (rows: {many}).",
)
SHUT_OUT = Text(fr="Droits insuffisants\u00a0: {what}", en="Insufficient rights: {what}")


async def check_layer(client: ArcGISCaller, layer: ReadLayer) -> tuple[Checked, ...]:
    """Ask the layer what it is, and for the ids of its rows."""
    url = layer.url.rstrip("/")
    try:
        about = await client.ask(LayerDescription, url, {})
        ids = (await client.ask(Ids, f"{url}/query", {"where": layer.where, "returnIdsOnly": "true"})).ids or []
    except SignInRefused as error:
        return (
            Checked(code="settings", ok=False, said=UNKNOWN),
            Checked(code="reachable", ok=True, said=ANSWERS),
            Checked(code="allowed", ok=False, said=SHUT_OUT.format(what=error.words)),
        )
    except OutsideError as error:
        answered = not isinstance(error, Later)
        return (
            Checked(code="settings", ok=False, said=UNFIT.format(what=error.words) if answered else UNKNOWN),
            Checked(code="reachable", ok=answered, said=ANSWERS if answered else SILENT.format(what=error.words)),
        )
    wrong = misfits(layer, about)
    how = BY_EDITS if edit_column(layer, about) else BY_ROWS
    may_read = "Query" in (about.capabilities or "Query")
    return (
        Checked(
            code="settings", ok=not wrong, said=UNFIT.format(what=together(wrong)) if wrong else FITS.format(how=how)
        ),
        Checked(code="reachable", ok=True, said=ANSWERS),
        Checked(
            code="allowed",
            ok=may_read,
            said=MAY_READ.format(many=len(ids)) if may_read else SHUT_OUT.format(what="Query"),
        ),
    )
