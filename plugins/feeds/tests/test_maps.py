"""What a map reads by OGC API Features: links, boxes, times, pages, and nothing that is not for it."""

import base64
from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.visibility import rounded
from parvis_testing.modules import switch

ROOT = "/ogc/features"
ITEMS = f"{ROOT}/collections/public-requests/items"
OURS = f"{ROOT}/collections/requests/items"
ZOE = {"mode": "confidential", "name": "Zoé Côté", "email": "zoe@exemple.ca"}


async def features(api, path=ITEMS, headers=None, **asked):
    answer = await api.http.get(path, params=asked or None, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    return answer.json()


def numbers(collection):
    return [each["id"] for each in collection["features"]]


def linked(shown, rel):
    return next((each["href"] for each in shown["links"] if each["rel"] == rel), None)


async def test_from_the_first_page_links_lead_to_every_feature(api, placed):
    reference = await placed()
    landing = (await api.http.get(ROOT)).json()
    assert (await api.http.get(f"{ROOT}/")).json() == landing
    conforms = (await api.http.get(linked(landing, "conformance"))).json()["conformsTo"]
    assert {each.rpartition("/")[2] for each in conforms} == {"core", "geojson", "oas30"}
    [collection] = (await api.http.get(linked(landing, "data"))).json()["collections"]
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    assert west < -73.58 < east
    assert south < 45.52 < north
    assert (await api.http.get(linked(collection, "self"))).json() == collection
    found = await features(api, linked(collection, "items"))
    assert (found["numberMatched"], found["numberReturned"], numbers(found)) == (1, 1, [reference])
    one = await features(api, f"{ITEMS}/{reference}")
    assert one["geometry"] == {"type": "Point", "coordinates": [-73.5807, 45.5236]}
    assert one["properties"] == found["features"][0]["properties"]
    assert (await api.http.get(one["properties"]["url"])).status_code == 200


async def test_what_has_not_changed_is_not_sent_again(api, placed):
    await placed()
    answer = await api.http.get(ITEMS)
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        again = {"if-none-match": answer.headers["etag"]}
        assert (await api.http.get(ITEMS, headers=again)).status_code == 304
        assert (await api.http.head(ITEMS)).headers["etag"] == answer.headers["etag"]
        await placed()
        assert (await api.http.get(ITEMS, headers=again)).status_code == 200


async def test_the_description_names_what_every_collection_takes(api, jurisdictions):
    token = await api.token("requests:read")
    for headers, names in ((None, {"public-requests"}), (token, {"public-requests", "requests"})):
        answer = await api.http.get(f"{ROOT}/api", headers=headers)
        assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
        paths = answer.json()["paths"]
        items = {path.split("/")[2]: paths[path]["get"] for path in paths if path.endswith("/items")}
        assert set(items) == names
        limit = next(each for each in items["public-requests"]["parameters"] if each["name"] == "limit")
        assert limit["schema"]["maximum"] == 200
        assert bool(items.get("requests", {}).get("security")) is ("requests" in names)


async def test_a_box_takes_longitude_first_and_what_lies_on_its_edge(api, placed):
    here, there = await placed(), await placed(lon=-73.6042, lat=45.5354)
    for box, expected in (
        ("-73.61,45.50,-73.55,45.56", [there, here]),
        ("-73.59,45.52,-73.57,45.53", [here]),
        ("-73.59,45.52,0,-73.57,45.53,90", [here]),
        ("-73.5807,45.5236,-73.5807,45.5236", [here]),
        ("170,45,-73.59,46", [there]),  # over the line where days begin
        ("45.52,-73.59,45.53,-73.57", []),  # latitude first is somewhere else
    ):
        assert numbers(await features(api, bbox=box)) == expected, box


async def test_times_include_both_ends_and_may_be_open(api, placed):
    first = await placed()
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        last = await placed()
        found = {each["id"]: each["properties"]["submitted_at"] for each in (await features(api))["features"]}
    noon = (clock.now() + timedelta(hours=1)).isoformat()
    for period, expected in (
        (found[first], [first]),
        (f"{found[first]}/{found[last]}", [last, first]),
        (f"../{noon}", [first]),
        (f"/{noon}", [first]),
        (f"{noon}/..", [last]),
        (f"{noon}/", [last]),
        (noon, []),
    ):
        assert numbers(await features(api, datetime=period)) == expected, period


async def test_pages_lead_on_until_everything_was_read_once(api, placed):
    filed = [await placed(lon=-73.58 - number / 1000) for number in range(5)]
    read, page = [], await features(api, limit=2, type="hole", bbox="-74,45,-73,46")
    while True:
        read += numbers(page)
        assert page["numberMatched"] == 5
        if not linked(page, "next"):
            break
        assert "bbox=" in linked(page, "next")
        page = await features(api, linked(page, "next"))
    assert read == filed[::-1]
    assert numbers(await features(api, limit=100_000)) == filed[::-1]


async def test_a_rough_place_stays_rough_and_what_is_not_public_is_not_there(api, placed):
    hidden = await placed(type="hidden", address="8, rue Secrète")
    quarrel = await placed(type="quarrel", answers={"kind": "dog"}, requester=ZOE)
    found = await features(api)
    assert numbers(found) == [hidden]
    [shown] = found["features"]
    assert shown["geometry"]["coordinates"] == [*rounded(-73.5807, 45.5236, 200)]
    assert (shown["properties"]["address"], "unit" in shown["properties"]) == ("", False)
    exact = "-73.58075,45.52355,-73.58065,45.52365"
    assert numbers(await features(api, bbox=exact)) == []
    for path in (f"{ITEMS}/{quarrel}", f"{ITEMS}/P-0", f"{OURS}/{quarrel}"):
        answer = await api.http.get(path)
        assert answer.status_code == (401 if OURS in path else 404)
        assert "Bruit" not in answer.text


async def test_a_token_reads_what_is_of_its_units_and_no_more(api, placed):
    hidden = await placed(type="hidden", address="8, rue Secrète")
    everything = await api.token("requests:read")
    found = await features(api, OURS, everything)
    assert numbers(found) == [hidden]
    [shown] = found["features"]
    assert shown["geometry"]["coordinates"] == [-73.5807, 45.5236]
    assert shown["properties"]["address"] == "8, rue Secrète"
    assert shown["properties"]["unit"]
    assert "Zoé" not in str(found)
    assert numbers(await features(api, OURS, await api.token("requests:read", unit="planning"))) == []
    assert (await api.http.get(OURS, headers=await api.token("operate"))).status_code == 403
    assert (await api.http.get(OURS)).status_code == 401
    password = everything["Authorization"].removeprefix("Bearer ")
    basic = {"Authorization": "Basic " + base64.b64encode(f"qgis:{password}".encode()).decode()}
    assert (await features(api, OURS, basic))["features"] == found["features"]
    answer = await api.http.get(OURS, headers=basic)
    assert answer.headers["cache-control"] == "private, no-store"
    other = await api.token("requests:read", jurisdiction="rivemont")
    assert numbers(await features(api, OURS, other)) == []


WRONG = {
    "bbox": ("", "1,2,3", "nan,1,2,3", "1,2,3,4,5", "-200,1,2,3", "1,50,2,40", "1e9,1,2,3", "²,1,2,3"),
    "limit": ("0", "-1", "x", "1.5", "²", "9" * 40),
    "datetime": (
        *("", "/", "../..", "2026", "2026-11-25T00:00:00", "hier", "9999-01-01T00:00:00Z"),
        "2026-12-02T00:00:00Z/2026-12-01T00:00:00Z",
    ),
    "cursor": ("abc", "W10", "é"),
    "f": ("html",),
    "crs": ("EPSG:32188",),
    "réponse": ("1",),
}


@pytest.mark.parametrize(("name", "value"), [(name, each) for name, values in WRONG.items() for each in values])
async def test_what_cannot_be_read_is_refused_with_its_name(api, name, value):
    answer = await api.http.get(ITEMS, params={name: value})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["path"] == name


async def test_a_parameter_that_stands_twice_or_a_token_that_is_no_good_is_refused(api):
    assert (await api.http.get(f"{ITEMS}?limit=1&limit=2")).json()["errors"][0]["code"] == "repeated"
    for wrong in ("Bearer parvis_nothing", "Basic %%%", "Basic eDp5", "Digest x", "Bearer"):
        answer = await api.http.get(ITEMS, headers={"Authorization": wrong})
        assert (answer.status_code, "Basic" in answer.headers["www-authenticate"]) == (401, True), wrong
    answer = await api.http.get(ITEMS, params={"bbox": "x"}, headers={"accept-language": "fr-CA"})
    assert answer.json()["detail"].startswith("«\u00a0bbox\u00a0» est ouest")


async def test_without_a_public_list_there_is_no_public_collection(api, placed):
    reference = await placed()
    await switch(api.host, "off", "public_requests")
    assert (await api.http.get(f"{ROOT}/collections")).json()["collections"] == []
    for path in (ITEMS, f"{ITEMS}/{reference}"):
        assert (await api.http.get(path)).status_code == 404
    assert numbers(await features(api, OURS, await api.token("requests:read"))) == [reference]


async def test_switched_off_nothing_answers(api, placed):
    token = await api.token("requests:read")
    await switch(api.host, "off", "feeds")
    for path in (ROOT, ITEMS, OURS):
        assert (await api.http.get(path, headers=token)).status_code == 404
