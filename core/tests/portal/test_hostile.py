"""What strangers send on purpose: forged forms and cookies, other sites, wrong types, NUL, floods: a clear answer."""

import httpx
import pytest

from parvis.requests import drafting
from parvis.requests.lists.search import Filters, public_requests

SERVICE = "/fr/demande/rues/nid-de-poule"
URL = f"http://127.0.0.1{SERVICE}"


async def token_of(browser):
    await browser.open(SERVICE)
    return dict(browser.form()["fields"])["_csrf"]


def is_calm(response: httpx.Response) -> bool:
    return response.status_code < 500 and "Traceback" not in response.text


async def test_a_form_without_its_token_is_refused(browser):
    await browser.open(SERVICE)
    answer = await browser.http.post(URL, data={"place.words": "ici"})
    assert answer.status_code == 403


async def test_a_form_with_the_token_of_another_visitor_is_refused(browser, visitor):
    token = await token_of(visitor())
    await browser.open(SERVICE)
    assert (await browser.http.post(URL, data={"_csrf": token, "place.words": "ici"})).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_from_another_site_is_refused_even_with_its_token(browser, headers):
    token = await token_of(browser)
    answer = await browser.http.post(URL, data={"_csrf": token, "place.words": "ici"}, headers=headers)
    assert answer.status_code == 403
    assert (await browser.http.post(URL, data={"_csrf": token, "place.words": "ici"})).status_code == 303


@pytest.mark.parametrize("cookie", ["x", "", "a" * 4000, "../../etc/passwd", "%00"])
async def test_a_forged_draft_cookie_is_never_adopted(browser, host, cookie):
    token = await token_of(browser)
    browser.http.cookies.set("parvis_draft_hole", cookie, domain="127.0.0.1", path="/")
    answer = await browser.http.post(URL, data={"_csrf": token, "place.words": "ici"})
    assert answer.status_code == 303
    kept = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("parvis_draft_hole="))
    assert kept.split("=", 1)[1].split(";")[0] != cookie
    assert await drafting.load(host, cookie) is None


async def test_the_draft_of_one_service_is_not_shown_under_another(browser, host):
    await browser.open(SERVICE)
    await browser.send({"place.words": "Chez moi, 12 rue Secrète"})
    token = browser.http.cookies.get("parvis_draft_hole")
    browser.http.cookies.set("parvis_draft_lamps", token, domain="127.0.0.1", path="/")
    await browser.open("/fr/demande/rues/lampadaires")
    assert "Secrète" not in browser.page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"place": "ici"},
        {"place.lon": "NaN", "place.lat": "1e999"},
        {"place.lon.x": "1"},
        {"place.geometry": '{"type": "Polygon", "coordinates": [[[0,0]]]}'},
        {"place.geometry": "[" * 500},
        {"place.address": "x" * 50_000},
        {"place.words": "a\x00b\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")},
        {"place.address": ["deux", "fois"]},
        {"choice": "' OR 1=1 --", "place.address": "saint-urbain"},
        {"_find": "1", "place.address": "%%%___'"},
        {"place.__class__": "x", "constructor.prototype": "y"},
    ],
)
async def test_strange_places_get_a_clear_answer(browser, fields):
    token = await token_of(browser)
    answer = await browser.http.post(URL, data={"_csrf": token, **fields})
    assert is_calm(answer)
    assert answer.status_code in (303, 413, 422)


@pytest.mark.parametrize(
    "fields",
    [
        {"size": ["small", "large"], "danger": "no"},
        {"size.x": "small", "danger.y.z": "no"},
        {"size": "huge", "danger": "peut-être", "depth": "∞"},
        {"size": "large", "depth": "9" * 400, "danger": "yes"},
        {"size.0.x": "small", "danger": ""},
        {"_add": "nothing"},
        {"_add": "size"},
        {"_drop": "size.0"},
        {"_drop": "nothing.x"},
        {"_remove": "00000000-0000-0000-0000-000000000000"},
        {"_remove": "x\x00"},
        {"photos": "00000000-0000-0000-0000-000000000000", "size": "small", "danger": "no"},
    ],
)
async def test_strange_answers_get_a_clear_answer(browser, host, fields):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    token = dict(browser.form()["fields"])["_csrf"]
    answer = await browser.http.post(f"{URL}/1", data={"_csrf": token, **fields})
    assert is_calm(answer)
    assert answer.status_code in (303, 422)
    for step in ("", "/1", "/3", "/verification"):
        assert is_calm(await browser.http.get(URL + step, follow_redirects=True))


async def test_a_photo_of_somebody_elses_draft_cannot_be_taken(browser, visitor, jpeg, host):
    owner = await visitor().open(SERVICE)
    await owner.send({"place.address": "4563 rue saint-urbain"})
    await owner.send({"size": "small", "danger": "no"})
    await owner.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    await owner.open(f"{SERVICE}/3")
    stolen = next(value for name, value in owner.form()["fields"] if name == "photos")
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({"photos": stolen})
    await browser.open(f"{SERVICE}/3")
    assert "a.jpg" not in browser.text


async def test_a_person_cannot_present_themselves_in_a_way_that_is_not_offered(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({})
    await browser.send({"mode": "confidential", "name": "Zoé", "email": "z@exemple.ca"})
    assert browser.status == 422


async def test_bodies_beyond_the_limit_are_refused(browser, app):
    token = await token_of(browser)
    big = b"x" * (app.state.deployment.settings.most_upload * 1_000_000 + 1_000)
    answer = await browser.http.post(URL, data={"_csrf": token}, files={"photos": ("big.jpg", big, "image/jpeg")})
    assert answer.status_code == 413


@pytest.mark.parametrize("enctype", ["application/x-www-form-urlencoded", "multipart/form-data"])
async def test_ten_megabytes_of_words_are_refused_in_words_before_they_are_read(browser, enctype):
    fields = {"_csrf": await token_of(browser), "place.words": "é\n" * 3_300_000}
    as_files = {name: (None, words) for name, words in fields.items()}
    given = {"files": as_files} if enctype.startswith("multipart") else {"data": fields}
    answer = await browser.http.post(URL, headers={"accept": "text/html"}, **given)
    assert answer.status_code == 413
    assert "Envoyez moins de texte" in answer.text


async def test_forms_of_a_thousand_parts_are_refused(browser):
    token = await token_of(browser)
    many = {f"f{number}": "x" for number in range(1_500)}
    assert (await browser.http.post(URL, data={"_csrf": token, **many})).status_code in (400, 413)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe\xfd", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (b'{"a": 1}', "application/json"),
        (b"", "text/plain"),
        (b"<a/>", "application/xml"),
    ],
)
async def test_bodies_that_are_no_form_are_refused(browser, content, kind):
    await browser.open(SERVICE)
    answer = await browser.http.post(URL, content=content, headers={"content-type": kind})
    assert answer.status_code in (400, 403, 415)


@pytest.mark.parametrize(
    "path", ["/fr/%00", "/fr/demande/%ff/x", "/fr/demande/../../etc", "//fr/", "/fr/suivi/%2e%2e%2f"]
)
async def test_strange_paths_are_not_found(browser, path):
    answer = await browser.http.get(f"http://127.0.0.1{path}")
    assert answer.status_code in (200, 303, 307, 400, 404)
    assert is_calm(answer)


async def test_a_flood_from_one_address_is_stopped_with_an_answer(browser, visitor, host, monkeypatch):
    monkeypatch.setattr("parvis.web.portal.sending.SENDINGS", 2)
    statuses = []
    for _ in range(4):
        one = await visitor().open("/fr/demande/voisinage/bruit")
        await one.send({"words": "Une scie."})
        await one.send({"name": "Zoé", "email": "z@exemple.ca"})
        statuses.append(one.status)
    assert statuses == [200, 200, 429, 429]
    assert (await public_requests(host, "parvis", Filters())).total == 0


async def test_every_answer_carries_the_headers_that_protect_it(browser):
    for path in ("/fr/", "/fr/rien", SERVICE, "/fr/suivi"):
        answer = await browser.http.get(f"http://127.0.0.1{path}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe-inline" not in answer.headers["content-security-policy"]


async def test_pages_have_no_script_or_style_of_their_own_and_load_nothing_from_elsewhere(browser):
    import re

    for path in ("/fr/", SERVICE, "/fr/services", "/fr/suivi", "/en/"):
        await browser.open(path)
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*src=)|\son\w+=", browser.page.text)
        loaded = re.sub(r'<a [^>]*>|<link rel="(?:alternate|canonical)"[^>]*>', "", browser.page.text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', loaded)


async def test_what_was_shown_is_answered_shortly_when_nothing_changed(browser):
    first = await browser.http.get("http://127.0.0.1/fr/services")
    again = await browser.http.get("http://127.0.0.1/fr/services", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_head_answers_as_get_without_the_page(browser):
    answer = await browser.http.head("http://127.0.0.1/fr/")
    assert (answer.status_code, answer.content) == (200, b"")
