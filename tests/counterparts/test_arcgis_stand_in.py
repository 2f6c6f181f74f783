"""Esri's own client does with the stand-in all that a connector does, so that it cannot drift towards our code."""

from datetime import UTC, datetime

import httpx
import pytest

from .arcgis import Access, Address, Field, Layer, arcgis_server
from .esri_client import EsriError, esri_client, file_of
from .line import HANG, RESET, SWALLOW, broken, busy, polite_error

REQUESTS = Layer(
    "demandes",
    fields=(
        Field("reference", length=20, nullable=False),
        Field("titre", length=40),
        Field("etat", length=12, domain={"recue": "Reçue", "faite": "Faite"}),
        Field("priorite", "SmallInteger"),
        Field("promis", "Date"),
    ),
    max_record_count=10,
)
PARCELS = Layer("lots", fields=(Field("lot", length=12),), geometry="polygon", wkid=32198, capabilities=("Query",))
CREWS = Layer("equipes", fields=(Field("nom"),), geometry=None, attachments=False)
ADDRESSES = (
    Address(number="275", street="rue Notre-Dame Est", city="Montréal", postal="H2Y 1C6", x=-73.5540, y=45.5088),
    Address(number="155", street="rue Notre-Dame Est", city="Montréal", postal="H2Y 1B5", x=-73.5562, y=45.5070),
    Address(street="rue Notre-Dame Est", city="Montréal", x=-73.54, y=45.52, kind="StreetName", locator="Rue"),
)
HOLE = {"x": -73.554, "y": 45.5088, "spatialReference": {"wkid": 4326}}


@pytest.fixture(scope="module")
def esri():
    with esri_client() as client:
        yield client


@pytest.fixture
def town():
    with arcgis_server([REQUESTS, PARCELS, CREWS], addresses=ADDRESSES) as served:
        yield served


@pytest.fixture
def guarded():
    with arcgis_server([REQUESTS], addresses=ADDRESSES, access=Access()) as served:
        yield served


@pytest.fixture
def layer(town):
    return town.layer("demandes")


def a_hole(name="A-1", **more):
    return {"attributes": {"reference": name, "titre": "Nid-de-poule", **more}, "geometry": HOLE}


# --- tokens


def test_a_name_and_a_password_become_a_token_of_a_server_that_stands_alone(guarded, esri):
    esri("withPassword", name="ana", username="integration", password="secret-de-la-ville", server=guarded.features_url)
    assert [each["client"] for each in guarded.asked("generateToken")] == ["referer"]
    assert esri("getLayer", who="ana", url=guarded.layer("demandes").url)["name"] == "demandes"


def test_a_name_and_a_password_become_a_token_of_a_portal_that_another_referer_cannot_use(guarded, esri):
    portal = guarded.portal_url
    said = esri("withPassword", name="ana", username="integration", password="secret-de-la-ville", portal=portal)
    asked = {"f": "json", "token": said["token"]}
    mine = {"Referer": guarded.asked("generateToken")[0]["referer"]}
    assert httpx.get(guarded.features_url, params=asked, headers=mine).json()["layers"][0]["name"] == "demandes"
    assert httpx.get(guarded.features_url, params=asked).json()["error"]["code"] == 498


def test_a_wrong_password_is_an_error_400_inside_http_200(guarded, esri):
    with pytest.raises(EsriError) as refused:
        esri("withPassword", name="ana", username="integration", password="autre", server=guarded.features_url)
    assert refused.value.name == "ArcGISTokenRequestError"
    assert "Unable to generate token" in str(refused.value)


def test_the_credentials_of_an_application_become_a_token(guarded, esri):
    application = {"clientId": "application", "clientSecret": "secret-de-l-application", "portal": guarded.portal_url}
    assert esri("asApplication", name="app", **application)["token"]
    assert esri("queryFeatures", who="app", url=guarded.layer("demandes").url)["features"] == []
    with pytest.raises(EsriError, match="client_secret"):
        esri("asApplication", name="other", **{**application, "clientSecret": "faux"})


def test_a_key_opens_and_no_token_is_499_and_a_made_up_one_498(guarded, esri):
    url = guarded.layer("demandes").url
    esri("withKey", name="key", key="AAPK-cle-de-la-ville")
    assert esri("queryFeatures", who="key", url=url)["features"] == []
    esri("withKey", name="wrong", key="AAPK-autre")
    for who, code in (("", 499), ("wrong", 498)):
        with pytest.raises(EsriError) as refused:
            esri("queryFeatures", who=who, url=url)
        assert (refused.value.name, refused.value.code) == ("ArcGISAuthError", code)


def test_an_expired_token_is_498(guarded, esri):
    url = guarded.layer("demandes").url
    application = {"clientId": "application", "clientSecret": "secret-de-l-application", "portal": guarded.portal_url}
    esri("asApplication", name="app", **application)
    guarded.expire_tokens()
    with pytest.raises(EsriError) as refused:
        esri("queryFeatures", who="app", url=url)
    assert (refused.value.name, refused.value.code) == ("ArcGISAuthError", 498)
    esri("asApplication", name="app", **application)
    assert esri("queryFeatures", who="app", url=url)["features"] == []


# --- query


def test_all_pages_of_a_layer_are_read_and_no_page_is_longer_than_it_allows(town, layer, esri):
    layer.fill(({"reference": f"A-{n}"}, {"x": -73.5, "y": 45.5}) for n in range(25))
    whole = esri("queryAllFeatures", url=layer.url)
    assert [each["attributes"]["reference"] for each in whole["features"]] == [f"A-{n}" for n in range(25)]
    page = esri("queryFeatures", url=layer.url, resultRecordCount=1000)
    assert (len(page["features"]), page["exceededTransferLimit"]) == (10, True)
    last = esri("queryFeatures", url=layer.url, where="OBJECTID > 20", orderByFields="OBJECTID")
    assert (len(last["features"]), "exceededTransferLimit" in last) == (5, False)


def test_counts_and_ids_are_not_cut(layer, esri):
    layer.fill(({"reference": f"A-{n}"}, None) for n in range(25))
    assert esri("queryFeatures", url=layer.url, returnCountOnly=True) == {"count": 25}
    assert esri("queryFeatures", url=layer.url, returnIdsOnly=True)["objectIds"] == list(range(1, 26))


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("reference = 'A-1'", 1),
        ("REFERENCE IN ('A-1', 'A-2', 'autre')", 2),
        ("reference NOT IN ('A-1')", 3),
        ("titre = 'L''arbre'", 1),
        ("UPPER(titre) LIKE '%ÉGOUT%'", 1),
        ("titre LIKE '%ÉGOUT%'", 0),
        ("titre IS NULL OR priorite >= 3", 2),
        ("NOT (priorite BETWEEN 1 AND 2)", 1),
        ("OBJECTID > 2 AND OBJECTID <= 4", 2),
        ("promis = DATE '2026-05-01'", 1),
        ("promis > timestamp '2026-05-01 12:00:00'", 1),
        ("EditDate > timestamp '2020-01-01 00:00:00.250'", 4),
        ("1=1", 4),
        ("1=2", 0),
    ],
)
def test_where_is_sql(layer, esri, where, found):
    may = [int(datetime(2026, 5, day, tzinfo=UTC).timestamp() * 1000) for day in (1, 2)]
    layer.add({"reference": "A-1", "titre": "L'arbre", "priorite": 1, "promis": may[0]})
    layer.add({"reference": "A-2", "titre": "Odeur d’égout", "priorite": 2, "promis": may[1]})
    layer.add({"reference": "A-3", "titre": "Banc", "priorite": 3})
    layer.add({"reference": "A-4"})
    assert len(esri("queryFeatures", url=layer.url, where=where)["features"]) == found


@pytest.mark.parametrize(
    "asked",
    [
        {"where": "autre = 'x'"},
        {"where": "reference = 3"},
        {"where": "EditDate > 1700000000000"},
        {"where": "reference = 'a"},
        {"where": "reference = 'a' autre"},
        {"where": "EditDate > timestamp 'hier'"},
        {"where": "1=1; DROP TABLE features"},
        {"where": "1=1", "outFields": ["autre"]},
        {"where": "1=1", "orderByFields": "autre"},
        {"where": "1=1", "outSR": "99999"},
        {"where": "1=1", "geometry": "abc", "geometryType": "esriGeometryPoint"},
        {"where": "1=1", "geometry": {"x": 1, "y": 2}},
    ],
)
def test_a_question_with_a_mistake_is_an_error_400_inside_http_200(town, layer, esri, asked):
    with pytest.raises(EsriError) as refused:
        esri("queryFeatures", url=layer.url, **asked)
    assert (refused.value.name, refused.value.code) == ("ArcGISRequestError", 400)


def test_a_question_about_nothing_is_an_error_too(layer):
    assert httpx.get(f"{layer.url}/query", params={"f": "json"}).json()["error"]["code"] == 400


def test_a_place_finds_the_parcels_that_hold_it_in_any_spatial_reference(town, esri):
    layer = town.layer("lots")
    ring = [[-392000.0, 180000.0], [-392000.0, 181000.0], [-391000.0, 181000.0], [-391000.0, 180000.0]]
    hole = [[-391600.0, 180400.0], [-391400.0, 180400.0], [-391400.0, 180600.0], [-391600.0, 180600.0]]
    number = layer.add({"lot": "1 234 567"}, {"rings": [[*ring, ring[0]], [*hole, hole[0]]]})
    asked = {"url": layer.url, "where": "1=1", "geometryType": "esriGeometryPoint", "inSR": "32198"}
    inside = esri("queryFeatures", geometry={"x": -391900, "y": 180100}, outSR="4326", **asked)
    assert [each["attributes"]["OBJECTID"] for each in inside["features"]] == [number]
    assert inside["spatialReference"]["wkid"] == 4326
    x, y = inside["features"][0]["geometry"]["rings"][0][0]
    assert (-74 < x < -73, 45 < y < 46) == (True, True)
    assert esri("queryFeatures", geometry={"x": -391500, "y": 180500}, **asked)["features"] == []
    near = {"distance": 150, "units": "esriSRUnit_Meter"}
    assert esri("queryFeatures", geometry={"x": -391500, "y": 180500}, **asked, **near)["features"]
    drawn = esri("queryFeatures", url=layer.url, f="geojson")
    assert len(drawn["features"][0]["geometry"]["coordinates"]) == 2


def test_a_layer_says_what_it_is(town, layer, esri):
    about = esri("getLayer", url=layer.url)
    fields = {field["name"]: field for field in about["fields"]}
    assert fields["titre"]["length"] == 40
    assert fields["reference"]["nullable"] is False
    assert [each["code"] for each in fields["etat"]["domain"]["codedValues"]] == ["recue", "faite"]
    assert fields["GlobalID"]["type"] == "esriFieldTypeGlobalID"
    assert (about["objectIdField"], about["globalIdField"], about["maxRecordCount"]) == ("OBJECTID", "GlobalID", 10)
    assert about["editFieldsInfo"]["editDateField"] == "EditDate"
    every = esri("getAllLayersAndTables", url=town.features_url)
    assert [[each["name"] for each in every[part]] for part in ("layers", "tables")] == [
        ["demandes", "lots"],
        ["equipes"],
    ]
    assert [each["name"] for each in esri("getService", url=town.features_url)["tables"]] == ["equipes"]
    layer.add({"reference": "A-1", "etat": "recue"})
    told = esri("queryFeatures", url=layer.url, outFields="*")
    shown = esri("decodeValues", url=layer.url, queryResponse=told)["features"]
    assert [each["attributes"]["etat"] for each in shown] == ["Reçue"]


# --- edits


def test_a_feature_is_added_changed_and_deleted(layer, esri):
    added = esri("addFeatures", url=layer.url, features=[a_hole()])["addResults"]
    assert [each["success"] for each in added] == [True]
    number = added[0]["objectId"]
    first = layer.feature(number)
    assert (first["reference"], first["GlobalID"]) == ("A-1", added[0]["globalId"])
    assert first.geometry == {"x": -73.554, "y": 45.5088}
    changed = esri("updateFeatures", url=layer.url, features=[{"attributes": {"OBJECTID": number, "etat": "faite"}}])
    assert changed["updateResults"][0]["success"]
    second = layer.feature(number)
    assert (second["etat"], second["reference"], second.geometry) == ("faite", "A-1", first.geometry)
    assert second["EditDate"] >= first["EditDate"]
    assert esri("deleteFeatures", url=layer.url, objectIds=[number])["deleteResults"][0]["success"]
    assert layer.features == []


def test_a_place_in_another_spatial_reference_is_moved_to_that_of_the_layer(layer, esri):
    there = {"x": -8187993.83, "y": 5701980.47, "spatialReference": {"wkid": 102100}}
    esri("addFeatures", url=layer.url, features=[{**a_hole(), "geometry": there}])
    place = layer.features[0].geometry
    assert (round(place["x"], 3), round(place["y"], 3)) == (-73.554, 45.509)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"titre": "x" * 41}, 1000),
        ({"etat": "perdue"}, -2147217395),
        ({"autre": 1}, -2147217395),
        ({"priorite": "haute"}, -2147217395),
        ({"priorite": 40000}, -2147217395),
        ({"promis": "2026-05-01"}, -2147217395),
        ({"reference": None}, 1000),
    ],
)
def test_an_item_that_does_not_fit_fails_for_itself(layer, esri, attributes, code):
    items = [a_hole("A-1"), a_hole("A-2", **attributes)]
    results = esri("addFeatures", url=layer.url, features=items, rollbackOnFailure=False)["addResults"]
    assert [each["success"] for each in results] == [True, False]
    assert (results[1]["objectId"], results[1]["error"]["code"]) == (-1, code)
    assert [each["reference"] for each in layer.features] == ["A-1"]


def test_edits_together_are_all_made_or_none_as_asked(layer, esri):
    kept = layer.add({"reference": "A-0"})
    edits = {
        "adds": [a_hole("A-1"), a_hole("A-2", etat="perdue")],
        "updates": [{"attributes": {"OBJECTID": kept, "titre": "Banc"}}],
        "deletes": [4711],
    }
    together = esri("applyEdits", url=layer.url, rollbackOnFailure=True, **edits)
    every = [each for part in together.values() for each in part]
    assert not any(each["success"] for each in every)
    assert [each["error"]["code"] for each in every] == [1003, -2147217395, 1003, 1019]
    assert [(each["reference"], each["titre"]) for each in layer.features] == [("A-0", None)]
    apart = esri("applyEdits", url=layer.url, rollbackOnFailure=False, returnEditMoment=True, **edits)
    assert apart["editMoment"] >= layer.feature(kept)["EditDate"]
    assert [each["success"] for each in apart["addResults"]] == [True, False]
    assert [each["success"] for each in apart["updateResults"]] == [True]
    assert [each["success"] for each in apart["deleteResults"]] == [False]
    assert [(each["reference"], each["titre"]) for each in layer.features] == [("A-0", "Banc"), ("A-1", "Nid-de-poule")]


def test_a_global_id_of_ours_is_kept_and_taken_once(layer, esri):
    ours = "{0193E8C1-7A5B-7C3D-9E2F-1A2B3C4D5E6F}"
    add = {"adds": [a_hole(GlobalID=ours)], "useGlobalIds": True, "url": layer.url}
    assert esri("applyEdits", **add)["addResults"][0] == {"objectId": 1, "globalId": ours, "success": True}
    assert esri("applyEdits", **add)["addResults"][0]["success"] is False
    assert len(layer.features) == 1
    found = esri("queryFeatures", url=layer.url, where=f"GlobalID = '{ours.lower()}'", outFields="*")
    assert found["features"][0]["attributes"]["reference"] == "A-1"
    gone = esri("applyEdits", url=layer.url, useGlobalIds=True, deletes=[ours])
    assert gone["deleteResults"][0]["success"]


def test_edits_of_several_layers_come_in_one_request(town, esri):
    edits = [{"id": 0, "adds": [a_hole()]}, {"id": 2, "adds": [{"attributes": {"nom": "Voirie"}}]}]
    answer = esri("request", url=f"{town.features_url}/applyEdits", params={"edits": edits})
    assert [(each["id"], each["addResults"][0]["success"]) for each in answer] == [(0, True), (2, True)]
    edits[1]["adds"][0]["attributes"]["autre"] = 1
    answer = esri("request", url=f"{town.features_url}/applyEdits", params={"edits": edits, "rollbackOnFailure": True})
    assert [each["addResults"][0]["error"]["code"] for each in answer] == [1003, -2147217395]
    assert (len(town.layer("demandes").features), len(town.layer("equipes").features)) == (1, 1)


def test_a_layer_that_only_reads_refuses_each_item(town, esri):
    results = esri("addFeatures", url=town.layer("lots").url, features=[{"attributes": {"lot": "1"}}])["addResults"]
    assert [each["success"] for each in results] == [False]


@pytest.mark.parametrize("params", [{"features": "[{"}, {"features": "{}"}, {}])
def test_a_request_that_cannot_be_read_is_an_error_as_a_whole(layer, esri, params):
    with pytest.raises(EsriError) as refused:
        esri("request", url=f"{layer.url}/addFeatures", params=params)
    assert refused.value.code == 400


# --- attachments


def test_a_file_is_attached_listed_fetched_and_deleted(layer, esri):
    number = layer.add({"reference": "A-1"})
    photo = bytes(range(256)) + b"\r\n--\r\n"
    sent = file_of("photo d’été.png", "image/png", photo)
    added = esri("addAttachment", url=layer.url, featureId=number, attachment=sent)["addAttachmentResult"]
    assert added["success"]
    infos = esri("getAttachments", url=layer.url, featureId=number)["attachmentInfos"]
    assert [(each["id"], each["name"], each["contentType"], each["size"]) for each in infos] == [
        (added["objectId"], "photo d’été.png", "image/png", len(photo))
    ]
    assert httpx.get(f"{layer.url}/{number}/attachments/{added['objectId']}").content == photo
    deleted = esri("deleteAttachments", url=layer.url, featureId=number, attachmentIds=[added["objectId"], 99])
    assert [each["success"] for each in deleted["deleteAttachmentResults"]] == [True, False]
    assert layer.attachments == []


def test_a_file_comes_with_its_feature(layer, esri):
    ours = "{0193E8C1-7A5B-7C3D-9E2F-1A2B3C4D5E6F}"
    photo = {"parentGlobalId": ours, "name": "a.txt", "contentType": "text/plain", "data": "Ym9uam91cg=="}
    edits = {"adds": [a_hole(GlobalID=ours)], "attachments": {"adds": [photo]}, "useGlobalIds": True}
    assert esri("applyEdits", url=layer.url, **edits)["attachments"]["addResults"][0]["success"]
    assert [(each.object_id, each.content) for each in layer.attachments] == [(1, b"bonjour")]


# --- addresses


def test_an_address_becomes_candidates_the_best_first(town, esri):
    params = {"outFields": "*", "maxLocations": 5}
    found = esri("geocode", endpoint=town.geocoder_url, singleLine="275, rue notre dame est, montreal", params=params)
    first, street = found["candidates"]
    assert (first["address"], first["score"]) == ("275 rue Notre-Dame Est, Montréal, H2Y 1C6", 100)
    assert (first["attributes"]["Addr_type"], street["attributes"]["Addr_type"]) == ("PointAddress", "StreetName")
    assert found["geoJson"]["features"][0]["geometry"]["coordinates"] == [-73.5540, 45.5088]
    assert esri("geocode", endpoint=town.geocoder_url, singleLine="9 chemin de nulle part")["candidates"] == []


def test_a_suggestion_leads_to_its_address(town, esri):
    found = esri("suggest", text="155 notre", endpoint=town.geocoder_url)["suggestions"]
    assert [each["text"] for each in found] == ["155 rue Notre-Dame Est, Montréal, H2Y 1B5"]
    chosen = esri("geocode", endpoint=town.geocoder_url, magicKey=found[0]["magicKey"], singleLine=found[0]["text"])
    assert [each["score"] for each in chosen["candidates"]] == [100]


def test_a_point_becomes_the_nearest_address_and_nothing_near_is_an_error_400(town, esri):
    near = esri("reverseGeocode", location=[-73.5541, 45.5088], endpoint=town.geocoder_url)
    assert (near["address"]["Address"], near["location"]["x"]) == ("275 rue Notre-Dame Est", -73.554)
    with pytest.raises(EsriError) as refused:
        esri("reverseGeocode", location=[-71.2, 46.8], endpoint=town.geocoder_url)
    assert (refused.value.name, refused.value.code) == ("ArcGISRequestError", 400)


# --- on a bad day


def test_what_goes_wrong_meets_the_operation_it_was_ordered_for(town, layer):
    form = {"f": "json", "where": "1=1"}
    for fault in (broken(500), busy(seconds=7), polite_error(code=500, message="Error"), RESET):
        town.next(fault, path="/query")
    assert httpx.get(f"{layer.url}?f=json").json()["name"] == "demandes"
    assert httpx.post(f"{layer.url}/query", data=form).status_code == 500
    assert httpx.post(f"{layer.url}/query", data=form).headers["Retry-After"] == "7"
    assert httpx.post(f"{layer.url}/query", data=form).json()["error"]["code"] == 500
    with pytest.raises(httpx.TransportError):
        httpx.post(f"{layer.url}/query", data=form)
    assert httpx.post(f"{layer.url}/query", data=form).json()["features"] == []
    assert [each["where"] for each in town.asked("query")] == ["1=1"] * 5


def test_a_feature_may_be_added_without_the_caller_learning_it(town, layer, esri):
    town.next(SWALLOW, path="addFeatures")
    with pytest.raises(EsriError):
        esri("addFeatures", url=layer.url, features=[a_hole()])
    assert [each["reference"] for each in layer.features] == ["A-1"]


def test_a_server_that_hung_or_was_down_comes_back_as_it_was(town, layer):
    layer.add({"reference": "A-1"})
    town.next(HANG)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{layer.url}?f=json", timeout=httpx.Timeout(20, read=0.2))
    town.heal()
    town.cut()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{layer.url}?f=json")
    town.mend()
    answer = httpx.get(f"{layer.url}/query", params={"f": "json", "where": "1=1", "returnCountOnly": "true"})
    assert answer.json() == {"count": 1}


def test_without_f_a_page_for_people_comes(layer):
    assert httpx.get(layer.url).headers["Content-Type"].startswith("text/html")
