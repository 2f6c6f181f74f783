"""Which operation an address means, and what answers it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from .access import Gate
from .addresses import Geocoder
from .attachments import SentFile, add_attachment, delete_attachments, fetched, grouped, listed
from .edits import add_features, apply_edits, apply_edits_of_service, delete_features, update_features
from .geometry import spatial_reference
from .layers import ServedLayer
from .queries import query
from .refusals import INCOMPLETE, RequestRefused

SERVER, PORTAL = "/arcgis", "/portal"
SERVICE, GEOCODER = "Ville", "Adresses"
FEATURE_SERVER = re.compile(
    rf"{SERVER}/rest/services/{SERVICE}/FeatureServer(?:/(?P<layer>\d+))?(?:/(?P<object>\d+))?"
    r"(?:/(?P<operation>[A-Za-z]+))?(?:/(?P<attachment>\d+))?/?"
)
GEOCODE_SERVER = re.compile(rf"{SERVER}/rest/services/{GEOCODER}/GeocodeServer(?:/(?P<operation>[A-Za-z]+))?/?")
OPEN = {
    f"{SERVER}/rest/info": "info",
    f"{PORTAL}/sharing/rest/info": "info",
    f"{SERVER}/tokens/generateToken": "generateToken",
    f"{PORTAL}/sharing/rest/generateToken": "generateToken",
    f"{PORTAL}/sharing/rest/oauth2/token": "oauth2/token",
}
WRITING = {"addFeatures", "updateFeatures", "deleteFeatures", "applyEdits", "addAttachment", "deleteAttachments"}
EDITS: dict[str, Callable[[ServedLayer, Mapping[str, str], str], Any]] = {
    "addFeatures": add_features,
    "updateFeatures": update_features,
    "deleteFeatures": delete_features,
    "applyEdits": apply_edits,
}


class Call(msgspec.Struct, frozen=True):
    """A request that was read."""

    method: str
    path: str
    asked: Mapping[str, str]
    files: Mapping[str, SentFile]
    token: str
    referer: str
    address: str
    """Where the server is found: scheme, host and port."""


def operation_of(path: str) -> str:
    """The name under which a fault is ordered and a request is found in the journal."""
    if path.rstrip("/") in OPEN:
        return OPEN[path.rstrip("/")]
    if found := FEATURE_SERVER.fullmatch(path):
        return found["operation"] or ("feature" if found["object"] else "layer" if found["layer"] else "service")
    if found := GEOCODE_SERVER.fullmatch(path):
        return found["operation"] or "geocoder"
    return "services" if path.rstrip("/") == f"{SERVER}/rest/services" else ""


class Answering:
    """All services of one server."""

    def __init__(self, layers: Mapping[int, ServedLayer], geocoder: Geocoder, gate: Gate) -> None:
        self.layers, self.geocoder, self.gate = layers, geocoder, gate

    def answer(self, call: Call) -> Any:
        """What the operation says: a body for JSON, or an attachment."""
        operation = operation_of(call.path)
        if operation == "info":
            services = f"{call.address}{SERVER}/tokens/generateToken"
            return {"currentVersion": 11.2, "authInfo": {"isTokenBasedSecurity": True, "tokenServicesUrl": services}}
        if operation in ("generateToken", "oauth2/token"):
            _only_by_post(call)
            return (
                self.gate.token(call.asked, call.referer)
                if operation == "generateToken"
                else self.gate.oauth(call.asked)
            )
        who = self.gate.who(call.token, call.referer)
        if operation in WRITING:
            _only_by_post(call)
        if found := FEATURE_SERVER.fullmatch(call.path):
            return self._feature_server(call, found.groupdict(), who)
        if GEOCODE_SERVER.fullmatch(call.path):
            return self._geocode_server(call, operation)
        if operation == "services":
            kinds = ((SERVICE, "FeatureServer"), (GEOCODER, "GeocodeServer"))
            return {"currentVersion": 11.2, "folders": [], "services": [{"name": n, "type": t} for n, t in kinds]}
        raise RequestRefused(400, "Invalid URL", "Invalid URL")

    def _feature_server(self, call: Call, parts: Mapping[str, str | None], who: str) -> Any:
        operation = parts["operation"] or ""
        if parts["layer"] is None:
            if operation == "applyEdits":
                return apply_edits_of_service(self.layers, call.asked, who)
            if operation == "layers":
                about = [each.described() for each in self.layers.values()]
                tables = [each for each in about if each["type"] == "Table"]
                return {"layers": [each for each in about if each not in tables], "tables": tables}
            if not operation:
                return self._described()
            raise RequestRefused(400, "Invalid URL", "Invalid URL")
        layer = self.layers.get(int(parts["layer"]))
        if layer is None:
            raise RequestRefused(404, "Layer not found")
        if parts["object"] is None:
            if operation in EDITS:
                return EDITS[operation](layer, call.asked, who)
            if operation == "query":
                return query(layer, call.asked)
            if operation == "queryAttachments":
                return grouped(layer, call.asked)
            if not operation:
                return layer.described()
        else:
            number = int(parts["object"])
            if operation == "attachments":
                if parts["attachment"]:
                    return fetched(layer, number, int(parts["attachment"]))
                return listed(layer, number)
            if operation == "addAttachment":
                return add_attachment(layer, number, call.files)
            if operation == "deleteAttachments":
                return delete_attachments(layer, number, call.asked)
            if not operation:
                return _one(layer, number)
        raise RequestRefused(400, "Invalid URL", "Invalid URL")

    def _geocode_server(self, call: Call, operation: str) -> Any:
        if operation == "geocoder":
            return self.geocoder.described()
        if operation == "findAddressCandidates":
            return self.geocoder.candidates(call.asked)
        if operation == "suggest":
            return self.geocoder.suggestions(call.asked)
        if operation == "reverseGeocode":
            return self.geocoder.nearest(call.asked)
        raise RequestRefused(400, "Invalid URL", "Invalid URL")

    def _described(self) -> dict[str, Any]:
        about = [layer.described() for layer in self.layers.values()]
        short = [{name: each.get(name) for name in ("id", "name", "type", "geometryType")} for each in about]
        first = next(iter(self.layers.values()), None)
        return {
            "currentVersion": 11.2,
            "serviceDescription": "",
            "hasVersionedData": False,
            "maxRecordCount": min((each["maxRecordCount"] for each in about), default=2000),
            "supportedQueryFormats": "JSON, geoJSON",
            "capabilities": ",".join(first.declared.capabilities if first else ("Query",)),
            "syncEnabled": False,
            "allowGeometryUpdates": True,
            "supportsApplyEditsWithGlobalIds": True,
            "spatialReference": spatial_reference(first.declared.wkid if first else 4326),
            "layers": [each for each in short if each["type"] != "Table"],
            "tables": [each for each in short if each["type"] == "Table"],
        }


def _one(layer: ServedLayer, number: int) -> dict[str, Any]:
    found = layer.feature(number)
    if found is None:
        raise RequestRefused(404, "Feature not found")
    return {"feature": {"attributes": found.attributes, "geometry": found.geometry}}


def _only_by_post(call: Call) -> None:
    if call.method != "POST":
        raise RequestRefused(400, INCOMPLETE, "This operation is only supported via POST.")
