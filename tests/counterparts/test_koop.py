"""Esri's Koop answers as other ArcGIS servers do, where it is not laxer."""

import json

import httpx
import pytest

from .esri_client import EsriError, esri_client
from .koop import koop

BOROUGHS = 25


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Squares in a row from west to east, one degree each hundred."""
    made = tmp_path_factory.mktemp("layers")
    features = []
    for number in range(BOROUGHS):
        west, south = -73.8 + number / 100, 45.5
        corners = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01]]
        geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
        properties = {"OBJECTID": number + 1, "nom": f"Secteur {number + 1}"}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    metadata = {"idField": "OBJECTID", "name": "Secteurs"}
    whole = {"type": "FeatureCollection", "metadata": metadata, "features": features}
    (made / "secteurs.geojson").write_text(json.dumps(whole))
    return made


@pytest.fixture(scope="module")
def served(folder):
    with koop(folder) as running:
        yield running


def query(url, **asked):
    return httpx.get(f"{url}/query", params={"where": "1=1", "f": "json", **asked}).json()


def test_koop_counts_pages_moves_and_finds_what_holds_a_point(served):
    url = served.layer("secteurs")
    assert httpx.get(url, params={"f": "json"}).json()["capabilities"] == "Query"
    assert query(url, returnCountOnly="true") == {"count": BOROUGHS}
    page = query(url, resultOffset=20, resultRecordCount=3, outFields="*", orderByFields="OBJECTID")
    assert [each["attributes"]["OBJECTID"] for each in page["features"]] == [21, 22, 23]
    assert page["exceededTransferLimit"] is True
    moved = query(url, objectIds="1", outSR="2950")["features"][0]["geometry"]["rings"][0][0]
    assert 250_000 < moved[0] < 350_000
    point = {"geometry": "-73.795,45.505", "geometryType": "esriGeometryPoint", "inSR": "4326", "outFields": "*"}
    assert [each["attributes"]["nom"] for each in query(url, **point)["features"]] == ["Secteur 1"]


def test_koop_reads_a_changed_file_again(served, folder):
    whole = json.loads((folder / "secteurs.geojson").read_text())
    (folder / "moins.geojson").write_text(json.dumps({**whole, "features": whole["features"][:3]}))
    assert query(served.layer("moins"), returnCountOnly="true") == {"count": 3}
    (folder / "moins.geojson").write_text(json.dumps({**whole, "features": whole["features"][:2]}))
    assert query(served.layer("moins"), returnCountOnly="true") == {"count": 2}


def test_koop_with_users_wants_a_token(folder):
    with koop(folder, users={"ana": "mot de passe"}) as guarded, esri_client() as esri:
        url = guarded.layer("secteurs")
        assert query(url)["error"]["code"] == 499
        assert query(url, token="autre")["error"]["code"] == 498
        login = {"username": "ana", "password": "mot de passe", "f": "json"}
        token = httpx.post(guarded.token_url, data=login).json()["token"]
        assert query(url, token=token, returnCountOnly="true") == {"count": BOROUGHS}
        with pytest.raises(EsriError) as refused:
            esri("queryFeatures", url=url)
        assert refused.value.name == "ArcGISAuthError"
