"""A file is judged the same at whatever door it comes in, and what is given out again says plainly what it is."""

import io
import zlib

import pytest
from PIL import Image

SERVICE = "/fr/demande/rues/nid-de-poule"
HOST = "http://127.0.0.1"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ACTIVE_PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def png_of(width, height):
    content = io.BytesIO()
    Image.new("1", (8, 8)).save(content, "PNG")
    found = bytearray(content.getvalue())
    found[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    found[29:33] = zlib.crc32(bytes(found[12:29])).to_bytes(4, "big")
    return bytes(found)


def cut_photo():
    content = io.BytesIO()
    Image.effect_noise((90, 90), 50).save(content, "JPEG")
    return content.getvalue()[:900]


HOSTILE = {
    "page.jpg": (b"<html><script>alert(1)</script></html>", "n’est pas ce que dit son nom"),
    "dessin.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "n’est pas d’un type accepté"),
    "bombe.png": (png_of(20_000, 20_000), "trop grande pour être lue"),
    "coupée.jpg": (cut_photo(), "incomplet ou abîmé"),
    "piège.pdf": (ACTIVE_PDF, "(JavaScript)"),
    "eicar.txt": (EICAR, "n’est pas d’un type accepté"),
    "vide.jpg": (b"", "est vide"),
    "outil\u202egpj.pdf": (b"MZ\x90\x00" + bytes(99), "n’est pas ce que dit son nom"),
}


def named(name):
    return name.replace("\u202e", "")


def plain(text):
    return text.replace("\u00a0", " ")


async def to_photos(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain", "place.lon": "-73.585", "place.lat": "45.522"})
    if "Photos du trou" not in browser.text:
        await browser.send({"size": "small", "danger": "no"})
    return browser


async def test_the_same_sentence_is_said_of_a_hostile_file_in_a_form_in_a_message_and_by_the_api(browser, opened, jpeg):
    on_request, receipt = opened
    await to_photos(browser)
    for name, (content, words) in HOSTILE.items():
        await browser.open(f"{SERVICE}/3")
        await browser.send({}, files=[("papers", (name, content, "application/pdf"))])
        assert browser.status == 422, name
        assert f"« {named(name)} »" in browser.text, name
        assert words in browser.text, name
        answer = await browser.http.post(f"{HOST}/api/v1/attachments", files={"file": (name, content, "image/jpeg")})
        assert answer.status_code == 422, name
        assert words in plain(answer.text), name
    await on_request.open(f"/fr/suivi/{receipt.reference}")
    for name, (content, words) in HOSTILE.items():
        await on_request.send({"words": "Voici."}, files=[("files", (name, content, "image/jpeg"))])
        assert on_request.status == 422, name
        assert words in on_request.text, name


async def test_each_file_that_is_not_kept_is_named_with_its_reason_and_the_others_stay(browser, jpeg):
    await to_photos(browser)
    sent = [("photos", (name, HOSTILE[name][0], "image/jpeg")) for name in ("page.jpg", "bombe.png")]
    good = [("photos", (f"{letter}.jpg", jpeg, "image/jpeg")) for letter in "abc"]
    await browser.send({}, files=[sent[0], good[0], sent[1], good[1], good[2]])
    assert browser.status == 422
    for words in (HOSTILE["page.jpg"][1], HOSTILE["bombe.png"][1], "2 fichiers au plus. Non gardés : c.jpg."):
        assert browser.text.count(words) == 2, "in the summary and at the question"
    assert "Retirer a.jpg" in browser.text
    assert "Retirer b.jpg" in browser.text
    assert "Retirer c.jpg" not in browser.text


async def test_refusals_are_said_in_english_too(browser):
    sent = {"file": ("trap.pdf", ACTIVE_PDF, "application/pdf")}
    english = {"accept-language": "en"}
    answer = await browser.http.post(f"{HOST}/api/v1/attachments", files=sent, headers=english)
    assert "“trap.pdf” holds a program or a hidden file (JavaScript)" in answer.text


async def photo_of(browser, jpeg):
    await to_photos(browser)
    await browser.send({}, files=[("photos", ("trou.jpg", jpeg, "image/jpeg"))])
    await browser.open(f"{SERVICE}/3")
    return HOST + browser.page.text.split('<img src="')[1].split('"')[0].removesuffix("?petite")


async def test_a_photo_is_given_out_as_what_it_is_and_only_once(browser, jpeg):
    address = await photo_of(browser, jpeg)
    whole = await browser.http.get(address)
    headers = whole.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == "inline; filename*=UTF-8''trou.jpg"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cache-control"].startswith("private")
    small = await browser.http.get(f"{address}?petite")
    assert len(small.content) < 30_000
    assert small.headers["etag"] != headers["etag"]
    again = await browser.http.get(address, headers={"if-none-match": headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("octets=1", 200, slice(None)),
        ("bytes=99999999-", 416, slice(0, 0)),
    ],
)
async def test_a_part_of_a_file_is_given_to_whoever_asks_for_one(browser, jpeg, wanted, status, part):
    address = await photo_of(browser, jpeg)
    whole = (await browser.http.get(address)).content
    answer = await browser.http.get(address, headers={"range": wanted})
    assert answer.status_code == status
    assert answer.content == whole[part]
    if status == 206:
        start = whole.index(answer.content)
        assert answer.headers["content-range"] == f"bytes {start}-{start + len(answer.content) - 1}/{len(whole)}"
