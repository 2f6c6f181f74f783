"""The pages as an application: what a telephone asks, what the worker keeps, and whole forms sent by one press."""

import io
import json
import re

import pytest
from msgspec import structs
from PIL import Image

from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.records import find
from parvis_sdk.fields import File
from parvis_sdk.forms import Form

SERVICE = "/fr/demande/rues/nid-de-poule"
BASE = "http://127.0.0.1"
WHOLE = {
    "place.address": "4563 rue saint-urbain",
    "size": "large",
    "depth": "12",
    "danger": "no",
    "mode": "named",
    "name": "Éloïse Tremblay",
    "email": "eloise@exemple.ca",
}


@pytest.fixture
def only_photos(host, monkeypatch):
    """The pothole as most towns have it: with photos and without documents."""
    request_type = host.plugins.request_types["hole"]
    sections = tuple(
        structs.replace(one, fields=tuple(field for field in one.fields if not isinstance(field, File)))
        for one in request_type.form.sections
    )
    monkeypatch.setitem(host.plugins.request_types, "hole", structs.replace(request_type, form=Form(sections=sections)))


async def send_whole(browser, files=None, **more):
    """What a telephone does at the press: the door first, for its token, then everything at once."""
    await browser.open(f"{SERVICE}?autre=1")
    fields = {name: value for name, value in browser.form()["fields"] if name in ("_csrf", "_draft")}
    parts = [(name, (None, value.encode())) for name, value in {**fields, **WHOLE, **more}.items() if value]
    browser.page = await browser.http.post(
        f"{BASE}{SERVICE}/hors-ligne", files=[*parts, *(files or [])], follow_redirects=True
    )
    return fields["_draft"]


@pytest.mark.parametrize(("language", "start"), [("fr", "/fr/"), ("en", "/en/")])
async def test_the_application_bears_the_name_and_colours_of_its_town(browser, language, start):
    answer = await browser.http.get(f"{BASE}/{language}/application.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"]) == (start, "/", "standalone")
    assert told["name"] == {"fr": "Ville de Parvis", "en": "City of Parvis"}[language]
    assert told["theme_color"] in (await browser.open(start)).page.text
    assert f'href="/{language}/application.webmanifest"' in browser.page.text
    for icon in told["icons"]:
        picture = Image.open(io.BytesIO((await browser.http.get(BASE + icon["src"])).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
        assert len(picture.getcolors(100_000)) > 2  # the letter is on it


@pytest.mark.parametrize("name", ["any-99999.png", "../x", "any-192.svg", "any-192.png%00"])
async def test_no_other_icon_is_drawn(browser, name):
    assert (await browser.http.get(f"{BASE}/icone/{name}")).status_code in (400, 404)


async def test_the_worker_stands_at_the_root_and_keeps_nothing_of_anybody(browser, only_photos):
    answer = await browser.http.get(f"{BASE}/sw.js?langue=fr")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert (answer.headers["cache-control"], answer.headers["service-worker-allowed"]) == ("no-cache", "/")
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    kept = json.loads(answer.text.split("self.PARVIS = ", 1)[1].split(";\n", 1)[0])
    assert kept["pages"] == ["/fr/hors-ligne", "/en/offline", f"{SERVICE}/hors-ligne"]
    await browser.open(SERVICE)
    await browser.send({"place.words": "Chez moi, 12 rue Secrète"})
    for path in [*kept["files"], *kept["pages"]]:
        one = await browser.http.get(BASE + path, headers={"accept": "text/html"})
        assert one.status_code == 200, path
        assert "no-store" not in one.headers["cache-control"]
        if path in kept["pages"]:
            assert not any(private in one.text for private in ("_csrf", "_draft", "Secrète"))


async def test_the_worker_changes_with_a_form_it_keeps(browser, only_photos, host, monkeypatch):
    before = (await browser.http.get(f"{BASE}/sw.js?langue=fr")).text
    assert (await browser.http.get(f"{BASE}/sw.js?langue=fr")).text == before
    request_type = host.plugins.request_types["hole"]
    monkeypatch.setitem(host.plugins.request_types, "hole", structs.replace(request_type, title=request_type.summary))
    assert (await browser.http.get(f"{BASE}/sw.js?langue=fr")).text != before


async def test_the_page_without_network_says_how_to_reach_the_town_and_what_may_be_begun(browser, only_photos):
    await browser.open("/fr/hors-ligne")
    assert "Vous êtes hors ligne" in browser.text
    assert "Vous pouvez toujours appeler" in browser.text
    assert f'href="{SERVICE}/hors-ligne"' in browser.page.text
    await browser.open(f"{SERVICE}/hors-ligne")
    assert "quand le réseau revient" in browser.text
    assert "Rien n’est envoyé automatiquement" in browser.text
    assert "data-show-when" in browser.page.text


async def test_a_form_with_documents_is_not_kept_and_leads_to_the_usual_one(browser):
    await browser.open(f"{SERVICE}/hors-ligne")
    assert browser.path == SERVICE


async def test_a_whole_form_with_photos_becomes_a_request_by_one_press(browser, host, jpeg, only_photos):
    await send_whole(browser, [("photos", ("trou.jpg", jpeg, "image/jpeg"))])
    assert browser.path.endswith("/recu")
    record = await find(host, browser.path.split("/")[3])
    assert record.answers["size"] == "large"
    assert len(record.answers["photos"]) == 1
    assert record.place.lon is not None


async def test_the_same_form_sent_again_is_the_same_request(browser, host, only_photos):
    token = await send_whole(browser)
    first = browser.path
    await send_whole(browser, _draft=token)
    assert browser.path == first
    assert (await public_requests(host, "parvis", Filters())).total == 1


async def test_what_is_missing_is_asked_on_the_usual_page_and_nothing_typed_is_lost(browser, host, jpeg, only_photos):
    await send_whole(browser, [("photos", ("trou.jpg", jpeg, "image/jpeg"))], size="", email="")
    assert browser.path == f"{SERVICE}/1"
    assert ("depth", "12") in browser.form()["fields"]
    await browser.send({"size": "large"})
    assert browser.path == f"{SERVICE}/coordonnees"
    assert dict(browser.form()["fields"])["name"] == "Éloïse Tremblay"
    await browser.open(f"{SERVICE}/3")
    assert "Retirer trou.jpg" in browser.text


async def test_a_place_that_is_not_the_towns_is_told_on_the_page_of_the_place(browser, only_photos):
    await send_whole(browser, **{"place.address": "", "place.lon": "-71.2", "place.lat": "46.8"})
    assert browser.path == SERVICE
    assert re.search(r"brouillon|place", browser.page.text)


async def test_a_refused_file_leaves_the_rest_in_the_draft(browser, host, only_photos):
    await send_whole(browser, [("photos", ("virus.jpg", b"MZ\x90\x00 no picture", "image/jpeg"))])
    assert browser.path == f"{SERVICE}/3"
    await browser.send({})
    assert browser.path == f"{SERVICE}/verification"


async def test_a_refused_file_is_named_with_the_reason_where_the_form_goes_on(browser, host, jpeg, only_photos):
    files = [
        ("photos", ("trou.jpg", jpeg, "image/jpeg")),
        ("photos", ("virus.jpg", b"MZ\x90\x00 no picture", "image/jpeg")),
    ]
    await send_whole(browser, files=files, size="")
    assert browser.path == f"{SERVICE}/1"
    assert "virus" not in browser.text
    for _ in range(2):  # the script looks once, the person once more
        await browser.open(f"{SERVICE}/1")
        assert browser.page.text.count("Choisissez une réponse") >= 1
    await browser.send({"size": "small", "danger": "no"})
    assert browser.path == f"{SERVICE}/3"
    assert browser.status == 200
    for words in ("Il y a un problème", "virus.jpg", "Retirer trou.jpg"):
        assert words in browser.text, words
    await browser.open(f"{SERVICE}/3")
    assert "virus.jpg" in browser.text
    await browser.send({})
    assert browser.path == f"{SERVICE}/verification"
    await browser.open(f"{SERVICE}/3")
    assert "virus" not in browser.text
    await browser.open(f"{SERVICE}/verification")
    await browser.send()
    record = await find(host, browser.path.split("/")[3])
    assert (record.answers["size"], len(record.answers["photos"])) == ("small", 1)
