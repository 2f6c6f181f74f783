"""A page: language, brand, caching, what is escaped."""

import re

import httpx
import pytest
from jinja2 import DictLoader, UndefinedError

from parvis.jurisdictions.layers import ASSETS, Asset, AssetLayer
from parvis.web.colours import brand_sheet, sheet_name
from parvis.web.mapping import ASKED_BY_TEMPLATES
from parvis.web.pages import Pages
from parvis.web.town import mark_of
from parvis_sdk.text import Text


async def test_the_address_chooses_the_language(client):
    french, english = await client.get("/fr/bonjour"), await client.get("/en/bonjour")
    assert french.headers["content-language"] == "fr"
    assert "Passer au contenu principal" in french.text
    assert '<html lang="fr-CA">' in french.text
    assert english.headers["content-language"] == "en"
    assert "Skip to main content" in english.text


async def test_without_a_language_in_the_address_the_browser_is_asked(client):
    english = await client.get("/bonjour", headers={"accept-language": "de, en-CA;q=0.8, fr;q=0.5"})
    assert english.headers["content-language"] == "en"
    assert (await client.get("/bonjour", headers={"accept-language": "de"})).headers["content-language"] == "fr"


async def test_a_page_links_to_itself_in_the_other_language_with_its_query(client):
    page = await client.get("/fr/bonjour", params={"words": "à bientôt & merci"})
    assert 'href="/en/bonjour?words=%C3%A0+bient%C3%B4t+%26+merci"' in page.text


async def test_what_people_wrote_is_escaped(client):
    page = await client.get("/fr/bonjour", params={"words": "<script>alert(1)</script>"})
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>" in page.text


async def test_two_towns_have_their_own_name_and_colours(client, jurisdictions):
    for town in jurisdictions.by_code.values():
        page = await client.get("/fr/bonjour", headers={"host": town.hosts[0]})
        assert town.brand.logo_text.fr in page.text
        assert f"/static/brand/{sheet_name(town.brand)}.css" in page.text


async def test_everything_a_page_names_is_there_and_may_be_kept_for_ever(client):
    page = (await client.get("/fr/bonjour")).text
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(addresses) >= 5
    for address in addresses:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


async def test_the_page_loads_nothing_from_elsewhere(client):
    page = (await client.get("/fr/bonjour")).text
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)


async def test_the_style_sheet_and_the_script_are_light(client):
    page = (await client.get("/fr/bonjour")).text
    sheet, script = re.search(r"/static/built/app-\w+\.css", page), re.search(r"/static/built/app-\w+\.js", page)
    async with client.stream("GET", sheet[0], headers={"accept-encoding": "gzip"}) as answer:
        assert len(b"".join([part async for part in answer.aiter_raw()])) < 25_000
    assert len((await client.get(script[0])).content) < 3_000


async def test_a_page_that_did_not_change_is_not_sent_again(client):
    first = await client.get("/fr/bonjour")
    again = await client.get("/fr/bonjour", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers
    changed = await client.get("/fr/bonjour?words=Salut", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
async def test_an_unchanged_page_stays_unsent_under_every_encoding(client, encoding):
    headers = {"accept-encoding": encoding}
    words = {"words": "x" * 2000}
    tag = (await client.get("/fr/bonjour", headers=headers, params=words)).headers["etag"]
    again = await client.get("/fr/bonjour", headers=headers | {"if-none-match": tag}, params=words)
    assert (again.status_code, again.content) == (304, b"")


async def test_a_form_is_never_kept_and_has_no_tag(client):
    page = await client.get("/fr/formulaire")
    assert "no-store" in page.headers["cache-control"]
    assert "etag" not in page.headers


async def test_a_stream_passes_piece_by_piece(client):
    answer = await client.get("/flux")
    assert "data: un" in answer.text
    assert "data: deux" in answer.text
    assert "etag" not in answer.headers


async def test_the_boundary_and_zones_are_served_for_the_maps(client, jurisdictions):
    shapes = (await client.get("/en/territoire.geojson")).json()
    town = jurisdictions.jurisdiction(jurisdictions.default)
    roles = [feature["properties"]["role"] for feature in shapes["features"]]
    assert roles == ["town", *["zone"] * len(town.zones)]
    assert {feature["properties"]["name"] for feature in shapes["features"][1:]} == {
        z.name.to("en") for z in town.zones
    }


async def test_the_ground_and_the_assets_are_served_small_and_only_once(client, jurisdictions):
    town = jurisdictions.jurisdiction(jurisdictions.default)
    for layer, most in (("fond", 14_000), *((code, 12_000) for code in ASSETS.of(town))):
        answer = await client.get("/fr/territoire.geojson", params={"couche": layer}, headers={"accept-encoding": "br"})
        assert answer.headers["content-encoding"] == "br"
        assert int(answer.headers["content-length"]) < most
        assert answer.json()["features"]
        again = {"accept-encoding": "br", "if-none-match": answer.headers["etag"]}
        kept = await client.get("/fr/territoire.geojson", params={"couche": layer}, headers=again)
        assert (kept.status_code, kept.content) == (304, b"")


async def test_of_a_layer_with_too_many_things_those_in_a_frame_are_served(client, jurisdictions):
    here, many = jurisdictions.jurisdiction(jurisdictions.default), 2000
    lamps = (Asset(code=str(at), name=Text(fr="L"), kind="", lon=-73.6 + at / 1e5, lat=45.5) for at in range(many))
    layer = AssetLayer(code="lamps", name=Text(fr="Lampadaires"), assets=tuple(lamps))
    jurisdictions.by_code[here.code] = ASSETS.put(here, {"lamps": layer})
    try:
        all_of_it = await client.get("/fr/territoire.geojson", params={"couche": "lamps"})
        asked = {"couche": "lamps", "cadre": "-73.6,45.4,-73.590005,45.6"}
        some = await client.get("/fr/territoire.geojson", params=asked)
    finally:
        jurisdictions.by_code[here.code] = here
    assert all_of_it.json() == {"type": "FeatureCollection", "features": [], "more": True}
    assert [each["properties"]["code"] for each in some.json()["features"]] == [str(at) for at in range(1000)]


@pytest.mark.parametrize("layer", ["rien", "../units.toml", "é", "%00", "fond.geojson"])
async def test_a_layer_that_the_town_has_not_is_not_there(client, layer):
    assert (await client.get("/fr/territoire.geojson", params={"couche": layer})).status_code == 404


def test_a_misspelt_name_in_a_template_is_an_error(pages):
    with pytest.raises(UndefinedError, match="wrods"):
        pages.environment.from_string("{{ wrods }}").render()


async def test_a_plugin_has_its_own_templates_and_may_extend_ours(jurisdictions, tmp_path):
    from .conftest import application, opened

    (tmp_path / "plain.html").write_text('{% include "permits/words.html" %}')
    loaders = {
        "permits": DictLoader({"words.html": '{% extends "page.html" %}{% block content %}permis{% endblock %}'})
    }
    pages = Pages(
        jurisdictions=jurisdictions,
        asked=ASKED_BY_TEMPLATES,
        secret=b"x" * 40,
        plugin_templates=loaders,
        town_templates=tmp_path,
    )
    async with opened(application(pages)) as client:
        page: httpx.Response = await client.get("/fr/bonjour")
    assert "permis" in page.text
    assert "colophon" in page.text


def test_a_plugin_replaces_none_of_our_templates_whatever_it_is_called(jurisdictions):
    loaders = {"desk": DictLoader({"base.html": "taken", "own.html": "its own"})}
    pages = Pages(jurisdictions=jurisdictions, asked=ASKED_BY_TEMPLATES, secret=b"x" * 40, plugin_templates=loaders)
    assert "/desk/base.html" in str(pages.environment.get_template("desk/base.html").filename)
    assert pages.environment.get_template("desk/own.html").render() == "its own"


@pytest.mark.parametrize(
    ("name", "letter"),
    [("Ville de Rivemont", "R"), ("Ville d’Écluse", "É"), ("Parvis", "P"), ("MRC des Collines", "C")],
)
def test_the_mark_of_a_town_is_the_letter_of_its_own_name(jurisdictions, name, letter):
    from msgspec.structs import replace

    from parvis_sdk.text import Text

    brand = jurisdictions.jurisdiction(jurisdictions.default).brand
    assert mark_of(replace(brand, logo_text=Text(fr=name))) == letter


@pytest.mark.parametrize(
    "bad", ["", "123456", "zzzzzz-ffffff-000000-000000-000000", "123456-ffffff-0b57a4-0b6b43-b3541e;}"]
)
def test_a_brand_sheet_takes_nothing_but_colours(bad):
    assert brand_sheet(bad) is None
