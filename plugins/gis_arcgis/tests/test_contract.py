"""What Parvis asks of every plugin, of this one."""

import json
from urllib.parse import parse_qs

import httpx

from parvis_gis_arcgis import plugin
from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_gis_arcgis.mapping import PublishedLayer
from parvis_gis_arcgis.settings import Geocoder, Settings
from parvis_sdk.testing import PluginContract

ARCGIS = "https://sig.ville.example/arcgis/rest/services"
FIELDS = [
    {"name": "OBJECTID", "type": "esriFieldTypeOID", "nullable": False, "editable": False},
    {"name": "REFERENCE", "type": "esriFieldTypeString", "length": 20},
    {"name": "ETAT", "type": "esriFieldTypeString", "length": 20},
]
LAYER = {
    "id": 0,
    "name": "Demandes",
    "fields": FIELDS,
    "objectIdField": "OBJECTID",
    "globalIdField": "GlobalID",
    "supportsApplyEditsWithGlobalIds": True,
    "editFieldsInfo": {"editDateField": "EditDate"},
    "geometryType": "esriGeometryPoint",
    "hasAttachments": True,
}


def one_layer(ids: dict[str, int], files: list[dict]) -> httpx.MockTransport:
    """A layer that takes each global id once, and does not repeat it in its answer."""
    references: dict[int, str] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        asked = {name: values[0] for name, values in parse_qs(request.content.decode("utf-8", "replace")).items()}
        operation = request.url.path.rpartition("/")[2]
        if operation == "addAttachment":
            files.append(
                {"id": len(files) + 1, "name": request.content.split(b'filename="')[1].split(b'"')[0].decode()}
            )
            said = {"addAttachmentResult": {"objectId": len(files), "success": True}}
        elif operation == "queryAttachments":
            said = {"attachmentGroups": [{"parentObjectId": 1, "attachmentInfos": files}]}
        elif operation == "query":
            rows = [
                {"attributes": {"OBJECTID": number, "REFERENCE": references[number]}}
                for gid, number in ids.items()
                if gid in asked["where"] or asked["where"] == f"OBJECTID = {number}"
            ]
            said = {"features": rows}
        elif operation == "applyEdits" and "adds" in asked:
            made = json.loads(asked["adds"])[0]["attributes"]
            is_new = (gid := made["GlobalID"]) not in ids
            number = ids.setdefault(gid, len(ids) + 1)
            references[number] = made["REFERENCE"]
            said = {"addResults": [{"objectId": ids[gid], "success": is_new, "error": {"code": 1000}}]}
        elif operation == "applyEdits":
            for gid in [gid for gid, number in ids.items() if str(number) == asked.get("deletes")]:
                del ids[gid]
            said = {"updateResults": [{"success": True}], "deleteResults": [{"success": True}]}
        else:
            said = LAYER
        return httpx.Response(200, json=said)

    return httpx.MockTransport(answer)


class TestContract(PluginContract):
    plugin = plugin
    settings = Settings(
        features_url=f"{ARCGIS}/Demandes/FeatureServer",
        mappings=(PublishedLayer(to="0", columns={"REFERENCE": "reference", "ETAT": "state"}, read="ETAT"),),
        geocoders=(Geocoder(url=f"{ARCGIS}/Adresses/GeocodeServer"),),
    )

    def other_system(self, connector):
        return one_layer({}, [])


class TestContractWithLayers(PluginContract):
    plugin = plugin
    settings = Settings(layers=(ReadLayer(name="lots", url=f"{ARCGIS}/Cadastre/MapServer/2"),))
