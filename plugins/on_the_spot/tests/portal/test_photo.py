"""A request begun from a photo: its place is confirmed, and both are in the form."""

from html import unescape
from io import BytesIO
from urllib.parse import quote

import pytest
from PIL import Image
from PIL.ExifTags import IFD

from parvis_testing.beginning import ADDRESS, PARIS, SERVICE, fields, here, photo, sent
from parvis_testing.modules import switch


async def test_a_photo_tells_its_place_which_is_confirmed_and_both_are_in_the_form(browser, host):
    lat, lon = here()
    await browser.open("/fr/commencer/photo")
    await browser.send({}, files=sent(photo((lat, lon))))
    assert browser.path == "/fr/commencer"
    assert "Est-ce le bon endroit?" in browser.text
    assert ADDRESS in browser.text
    preview = browser.page.text.split('<img src="/fr/commencer/photo/')[1].split('"')[0]
    shown = await browser.http.get(f"http://127.0.0.1/fr/commencer/photo/{preview}")
    assert shown.headers["content-type"].startswith("image/")
    assert not Image.open(BytesIO(shown.content)).getexif().get_ifd(IFD.GPSInfo)
    await browser.send({"service": "hole"}, headers={"referer": str(browser.page.url)})
    assert browser.path == SERVICE
    assert "Vous avez déjà un brouillon" not in browser.text
    await browser.send({})
    await browser.send({"size": "small", "danger": "no"})
    assert "trou é.jpg" in browser.text
    assert (await browser.open("/fr/commencer")).text.count("trou é.jpg") == 0


@pytest.mark.parametrize(("point", "words"), [(None, "n’indique pas où"), (PARIS, "à l’extérieur de la ville")])
async def test_a_photo_without_a_place_of_ours_is_kept_and_the_place_is_asked(browser, point, words):
    await browser.open("/fr/commencer/photo")
    await browser.send({}, files=sent(photo(point)))
    assert browser.path == "/fr/commencer/lieu"
    assert words in browser.text
    assert "trou é.jpg" in browser.text
    assert fields(browser)["place.lon"] == ""
    await browser.send({"_remove": "1"})
    assert "trou é.jpg" not in browser.text


async def test_what_is_no_photo_is_told_and_nothing_is_kept(browser):
    await browser.open("/fr/commencer/photo")
    await browser.send({})
    assert browser.status == 422
    assert "Choisissez une photo." in browser.text
    await browser.send({}, files=sent(b"<script>alert(1)</script>", "photo.jpg"))
    assert browser.status == 422
    assert "photo.jpg" in browser.text


async def test_a_photo_is_seen_by_its_sender_only(browser, visitor):
    await browser.open("/fr/commencer/photo")
    await browser.send({}, files=sent(photo()))
    preview = browser.page.text.split('<img src="')[1].split('"')[0]
    assert (await visitor().open(preview)).status == 404
    assert (await browser.open(preview)).status == 200


async def test_two_forms_begun_with_one_photo_do_not_lose_what_was_typed(browser):
    await browser.open("/fr/commencer/photo")
    await browser.send({}, files=sent(photo()))
    await browser.open(f"/fr/commencer?service=hole&lieu={quote(ADDRESS)}")
    await browser.send({})
    await browser.send({})
    await browser.open(f"/fr/commencer?service=din&lieu={quote(ADDRESS)}")  # a short form, at once
    assert browser.status == 200
    await browser.open(SERVICE)
    assert fields(browser)["place.address"] == ADDRESS


async def test_a_service_and_words_are_kept_while_the_place_is_said_or_a_photo_chosen(browser):
    await browser.open("/fr/commencer?service=din&mots=musique la nuit")
    for step in ("/commencer/lieu?", "/commencer/photo?"):
        href = next(each for each in browser.page.text.split('href="') if step in each).split('"')[0]
        await browser.open(unescape(href))
    await browser.send({}, files=sent(photo()))
    await browser.send({"place.address": "4563 rue saint-urbain"})
    assert browser.path == "/fr/commencer"
    await browser.send({})
    assert browser.path == "/fr/demande/voisinage/bruit"
    assert fields(browser)["words"] == "musique la nuit"
    assert fields(browser)["place.address"] == ADDRESS


async def test_where_the_module_is_off_nothing_leads_to_a_photo(browser, host):
    await browser.open("/fr/")
    assert "/fr/commencer/photo" in browser.page.text
    await switch(host, "off", "on_the_spot")
    for page in ("/fr/", "/fr/commencer/lieu"):
        assert "/commencer/photo" not in (await browser.open(page)).page.text
    assert (await browser.open("/fr/commencer/photo")).status == 404
    await browser.open(f"/fr/commencer?service=hole&lieu={quote(ADDRESS)}")
    assert browser.status == 200
