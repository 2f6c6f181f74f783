"""The public list, its map and its feeds: one address, one set of requests, and no fact more than their pages tell."""

import random
import re
from collections import Counter
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import shapely

from parvis import clock
from parvis.db import counted
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move, withdraw
from parvis.requests.publishing import publish_words
from parvis.requests.work.conversation import note, receive
from parvis_testing.public_town import submit, whole_app
from parvis_testing.visitors import HOST

__all__ = ["submit", "whole_app"]

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ATOM = "{http://www.w3.org/2005/Atom}"
EVERYWHERE = ("requetes", "requetes/carte", "requetes.atom", "requetes.rss", "requetes.geojson")


def listed(browser):
    return re.findall(r'data-reference="([^"]+)"', browser.page.text)


def feed_in(browser):
    return ET.fromstring(browser.page.content)  # noqa: S314 - our own


async def test_every_filter_narrows_is_shown_as_a_chip_and_can_be_removed(browser, submit, host):
    far = await submit(lon=-73.6042, lat=45.5354, address="6530, avenue Chateaubriand")
    near = await submit("rough")
    for query, expected in (
        ("type=rough", [near]),
        ("theme=streets", [near, far]),
        ("q=chateaubriand", [far]),
        ("near=45.5236,-73.5807&within=500", [near]),
        ("box=-73.61,45.53,-73.59,45.55", [far]),
        ("phase=received&period=7", [near, far]),
        ("phase=closed", []),
        ("period=7&phase=open&near=45.5354,-73.6042", [far]),
    ):
        await browser.open(f"/fr/requetes?{query}")
        assert listed(browser) == [each.reference for each in expected], query
        chips = re.search(r'<ul class="filters".*?</ul>', browser.page.text, re.DOTALL)[0]
        assert chips.count("<li>") == len([part for part in query.split("&") if not part.startswith("within")])
    with clock.moved_to(clock.now() + timedelta(days=8)):
        await browser.open("/fr/requetes?period=7")
    assert listed(browser) == []


async def test_an_address_that_nobody_knows_narrows_nothing_and_the_page_says_so(browser, submit):
    receipt = await submit()
    await browser.open("/fr/requetes?near=zzzzz%20qqqq")
    assert listed(browser) == [receipt.reference]
    assert "Nous ne connaissons pas cette adresse" in browser.text


@pytest.mark.parametrize(
    "query",
    ["box=1,2,3", "box=nan,1,2,3", "near=999,999", "within=x&near=a", "phase=%00x", "period=-1", "zoom=9999&view=x,y"],
)
async def test_rubbish_in_the_address_is_left_out(browser, submit, query):
    await submit()
    for path in EVERYWHERE:
        await browser.open(f"/fr/{path}?{query}")
        assert browser.status in (200, 400), path


async def test_a_street_and_a_zone_have_feeds_of_their_own(browser, submit):
    there = await submit(lon=-73.6042, lat=45.5354, address="6530, avenue Chateaubriand")
    here, rough = await submit(), await submit("rough")
    await browser.open("/fr/requetes.geojson")
    zones = {each["id"]: each["properties"]["zone"] for each in browser.page.json()["features"]}
    assert zones[there.reference] != zones[here.reference] == zones[rough.reference] != ""
    for query, expected in (
        ("q=avenue+du+Mont-Royal", [here]),  # a place that is told roughly has no street
        ("q=avenue+chateaubriand&phase=open", [there]),
        (f"zone={zones[here.reference]}", [rough, here]),
        (f"zone={zones[there.reference]}&type=hole", [there]),
    ):
        await browser.open(f"/fr/requetes?{query}")
        found = dict(
            re.findall(r'rel="alternate" type="(application/[a-z+]+xml)".*? href="([^"]+)"', browser.page.text)
        )
        assert set(found) == {"application/atom+xml", "application/rss+xml"}
        for kind, path in found.items():
            await browser.open(path.replace("&amp;", "&"))
            assert browser.page.headers["content-type"].startswith(kind)
            items = [each.text for each in feed_in(browser).iter() if each.tag in ("guid", f"{ATOM}id")]
            numbers = [each.rpartition("/")[2] for each in items if "tag:" in each]
            assert numbers == [each.reference for each in expected], (query, kind)


async def test_the_map_and_every_feed_tell_of_the_same_requests_as_the_list(browser, submit):
    for number in range(7):
        await submit("rough" if number % 2 else "hole", lon=-73.58 - number / 500, lat=45.52)
    for query in ("", "?type=hole", "?near=45.52,-73.58&within=500"):
        await browser.open(f"/fr/requetes{query}")
        references = listed(browser)
        await browser.open(f"/fr/requetes.geojson{query}")
        features = browser.page.json()["features"]
        assert [each["id"] for each in features] == references
        assert all(shapely.from_geojson(str(each["geometry"]).replace("'", '"')).is_valid for each in features)
        await browser.open(f"/fr/requetes.atom{query}")
        entries = feed_in(browser).findall(f"{ATOM}entry")
        assert [each.find(f"{ATOM}id").text.rsplit("/", 1)[1] for each in entries] == references
        await browser.open(f"/fr/requetes.rss{query}")
        items = feed_in(browser).findall("channel/item")
        assert [each.find("guid").text.rsplit("/", 1)[1] for each in items] == references
        await browser.open(f"/fr/requetes/carte{query}{'&' if query else '?'}zoom=10")
        assert browser.page.json()["placed"] == len(references)


async def test_an_atom_feed_has_what_the_standard_asks_for(browser, submit, host):
    receipt = await submit(address="1234, rue <b>Rachel</b> & Cie")
    await publish_words(host, receipt.reference, actor=ANA)
    await browser.open("/en/requests.atom")
    assert browser.page.headers["content-type"].startswith("application/atom+xml")
    feed = feed_in(browser)
    for name in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    (entry,) = feed.findall(f"{ATOM}entry")
    told = Counter(child.tag for child in entry)
    assert told[f"{ATOM}id"] == told[f"{ATOM}title"] == told[f"{ATOM}updated"] == told[f"{ATOM}link"] == 1
    assert entry.find(f"{ATOM}title").text == "Pothole, 1234, rue <b>Rachel</b> & Cie"
    assert entry.find(f"{ATOM}link").get("href") == f"{HOST}/en/request/{receipt.reference}"
    for name in ("published", "updated"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.find(f"{ATOM}{name}").text)


async def test_feeds_are_found_from_the_page_and_not_sent_twice(browser, submit):
    await submit()
    await browser.open("/fr/requetes?type=hole")
    address = re.search(r'type="application/atom\+xml"[^>]*href="([^"]+)"', browser.page.text)[1].replace("&amp;", "&")
    assert address == "/fr/requetes.atom?type=hole"
    for path in (address, "/fr/requetes.geojson"):
        await browser.open(path)
        again = await browser.http.get(browser.page.url, headers={"if-none-match": browser.page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert browser.page.headers["access-control-allow-origin"] == "*"


async def test_what_is_ready_depends_on_nothing_that_is_sent_but_its_address(browser, submit, monkeypatch):
    monkeypatch.setattr("parvis.web.ready.SECONDS", 0.0)  # nothing is ready
    await submit()
    others = {"user-agent": "x", "referer": f"{HOST}/bureau", "accept": "*/*", "origin": HOST, "save-data": "on"}
    for view in (*(f"/fr/{each}" for each in EVERYWHERE), "/api/v1/requests.geojson"):
        plain, told_more = [await browser.http.get(HOST + view, headers=each) for each in ({}, others)]
        assert plain.content == told_more.content, view


@pytest.mark.parametrize("fate", ["erased", "confidential", "withdrawn"])
async def test_what_is_to_be_seen_no_more_is_gone_at_once_from_what_is_ready(browser, submit, host, monkeypatch, fate):
    monkeypatch.setattr("parvis.web.ready.SECONDS", 3600.0)
    receipt = await submit()
    views = [f"{HOST}/fr/{each}" for each in EVERYWHERE if "carte" not in each] + [f"{HOST}/api/v1/requests.geojson"]
    before = {}
    for view in views * 2:
        with counted() as statements:
            before[view] = (await browser.http.get(view)).text
        assert receipt.reference in before[view]
    assert statements.count == 0
    if fate == "erased":
        await erase(host, receipt.reference, actor=ANA)
    elif fate == "confidential":
        await amend(host, receipt.reference, type="din", answers={"words": "mot secret"}, actor=ANA)
    else:
        await withdraw(host, receipt.reference, {})
    for view in views:
        after = (await browser.http.get(view)).text
        assert receipt.reference not in after or (fate == "withdrawn" and after != before[view]), view


async def test_an_id_stays_when_the_request_moves_on(browser, submit, host):
    receipt = await submit()
    ids, dates = [], []
    for _ in range(2):
        await browser.open("/fr/requetes.atom")
        (entry,) = feed_in(browser).findall(f"{ATOM}entry")
        ids.append(entry.find(f"{ATOM}id").text)
        dates.append(entry.find(f"{ATOM}updated").text)
        with clock.moved_to(clock.now() + timedelta(hours=1)):
            await make_move(host, receipt.reference, "start", {}, actor=ANA, mover="agent")
    assert ids[0] == ids[1]
    assert dates[0] < dates[1]


async def test_lists_maps_and_feeds_of_many_ask_the_database_as_often_as_those_of_one(browser, submit):
    await submit()
    costs = {}
    for path in EVERYWHERE:
        await browser.open(f"/fr/{path}")
        with counted() as one:
            await browser.open(f"/fr/{path}?period=30")
        costs[path] = one.count
    for number in range(12):
        await submit("rough" if number % 3 else "hole", lon=-73.58 + number / 1000)
    for path in EVERYWHERE:
        with counted() as many:
            await browser.open(f"/fr/{path}?period=90")
        assert (path, many.count) == (path, costs[path])


async def test_no_view_gives_away_more_than_the_page_of_a_request(browser, submit, host):
    """Random requests of all sorts; then everything that anybody can ask for is searched for what must stay hidden."""
    chance = random.Random(8)
    hidden = ["Zoé", "Côté", "zoe@exemple.ca", "5550101", "555-0101", "mot secret", "Ana Tremblay", "mot interne"]
    shown = []
    for number in range(24):
        kind = chance.choice(["hole", "rough", "rough", "din"])
        lon, lat = -73.58 + chance.uniform(-0.02, 0.02), 45.53 + chance.uniform(-0.02, 0.02)
        receipt = await submit(kind, lon, lat, f"n{number}n, rue Cachée")
        hidden.append(receipt.key)
        await note(host, receipt.reference, "Un mot interne", actor=ANA)
        await receive(host, receipt.reference, "Mon numéro : 514 555-0101, mot secret")
        fate = chance.choice(["stays", "stays", "erased", "moderated"])
        if fate == "erased":
            await erase(host, receipt.reference, actor=ANA)
        elif fate == "moderated" and kind != "din":
            await amend(host, receipt.reference, type="din", answers={"words": "mot secret"}, actor=ANA)
        if fate == "stays" and kind != "din":
            shown.append(receipt.reference)
        else:
            hidden.append(receipt.reference)
        if kind == "rough":
            hidden += [str(lon)[:10], str(lat)[:9], f"n{number}n, rue Cachée"]
    seen = ""
    views = [
        "requetes?period=7",
        "requetes?q=cachee",
        "requetes.geojson",
        "requetes.atom",
        "requetes.rss",
    ]
    views += [f"requetes/carte?zoom={zoom}" for zoom in (9, 14, 18, 22)]
    views += [f"requete/{reference}" for reference in shown]
    for view in views:
        await browser.open(f"/fr/{view}")
        assert browser.status == 200
        seen += browser.page.text
    for view in ("requests", "requests.geojson", "similar-requests?type=rough&lon=-73.58&lat=45.53"):
        seen += (await browser.http.get(f"{HOST}/api/v1/{view}")).text
    assert all(reference in seen for reference in shown)
    assert [words for words in hidden if words in seen] == []
