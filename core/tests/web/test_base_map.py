"""The base map of a town, asked of a real server of tiles: how it is asked, what it learns, and when it is away."""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.base_map import BASE_MAP, BaseMap
from parvis.web.mapping import ASKED_BY_TEMPLATES
from parvis.web.pages import Pages
from parvis_sdk.fields import PlaceField
from parvis_sdk.text import Text
from parvis_testing.browsing import come_to_map, expect, served

from .conftest import TEMPLATES, application

pytestmark = pytest.mark.browser
WHERE = PlaceField(code="where", label=Text(fr="Où?"))
CREDIT = Text(fr="© Tuiles d’essai", en="© Test tiles")


class Tiles(ThreadingHTTPServer):
    """A server of tiles that remembers how it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        picture = io.BytesIO()
        Image.new("RGB", (256, 256), "#7fa7c9").save(picture, "PNG")
        self.picture = picture.getvalue()
        self.origin = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Tiles

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("referer", "")))
        self.send_response(200)
        self.send_header("content-type", "image/png")
        self.send_header("content-length", str(len(self.server.picture)))
        self.send_header("cross-origin-resource-policy", "cross-origin")
        self.end_headers()
        self.wfile.write(self.server.picture)

    def log_message(self, *words: object) -> None:
        """Nothing: the test reads `asked`."""


@pytest.fixture(scope="module")
def tiles() -> Iterator[Tiles]:
    server = Tiles()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@asynccontextmanager
async def looking_at(chromium, jurisdictions: Jurisdictions, base: BaseMap, folder, **options):
    """A page with a map in a town with that base map."""
    for name, source in TEMPLATES.items():
        (folder / name).write_text(source, encoding="utf-8")
    town = BASE_MAP.put(jurisdictions.jurisdiction(jurisdictions.default), base)
    pages = Pages(
        asked=ASKED_BY_TEMPLATES,
        jurisdictions=Jurisdictions(by_code={town.code: town}, default=town.code),
        secret=b"a secret of forty characters or so, kept",
        town_templates=folder,
        compiled=folder,
    )
    async with served(application(pages, (WHERE,))) as address:
        context = await chromium.new_context(base_url=address, **options)
        page = await context.new_page()
        yield page
        await context.close()


def xyz(tiles: Tiles, **more) -> BaseMap:
    return BaseMap(url=f"{tiles.origin}/clair/{{z}}/{{x}}/{{y}}.png", attribution=CREDIT, **more)


async def test_tiles_come_by_their_numbers_and_their_server_learns_no_page(chromium, jurisdictions, tiles, tmp_path):
    tiles.asked.clear()
    async with looking_at(chromium, jurisdictions, xyz(tiles), tmp_path) as page:
        answer = await page.goto("/fr/formulaire?cle=secrète")
        await come_to_map(page)
        await expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
        assert f"img-src 'self' data: blob: {tiles.origin};" in answer.headers["content-security-policy"]
        await expect(page.locator(".map__credit")).to_contain_text("Fond de carte : © Tuiles d’essai")
        assert await page.locator(".street-line").count() == 0
        plain = await page.goto("/fr/bonjour")
        assert tiles.origin not in plain.headers["content-security-policy"]
    origin = "/".join(answer.url.split("/")[:3])
    for path, referer in tiles.asked:
        assert path.startswith("/clair/")
        assert [part.removesuffix(".png").isdigit() for part in path.split("/")[2:]] == [True, True, True]
        assert referer == f"{origin}/"


async def test_a_wms_is_asked_for_its_layers(chromium, jurisdictions, tiles, tmp_path):
    tiles.asked.clear()
    base = BaseMap(kind="wms", url=f"{tiles.origin}/ows", layers="fond,rues", attribution=CREDIT)
    async with looking_at(chromium, jurisdictions, base, tmp_path) as page:
        await page.goto("/fr/formulaire")
        await come_to_map(page)
        await expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
    path, _ = tiles.asked[0]
    asked = {name.upper(): values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    assert {**asked, "BBOX": ""} == {
        **{"SERVICE": "WMS", "REQUEST": "GetMap", "LAYERS": "fond,rues", "FORMAT": "image/png", "BBOX": ""},
        **{"TRANSPARENT": "false", "VERSION": "1.3.0", "WIDTH": "256", "HEIGHT": "256", "CRS": "EPSG:3857"},
        **({"STYLES": asked["STYLES"]} if "STYLES" in asked else {}),
    }
    assert asked["BBOX"].count(",") == 3


async def test_a_map_service_of_arcgis_is_asked_for_its_tiles_or_to_draw_them(chromium, jurisdictions, tiles, tmp_path):
    service = f"{tiles.origin}/arcgis/rest/services/Fond/MapServer"
    for kind, layers in (("arcgis", ""), ("arcgis_export", "0,3")):
        tiles.asked.clear()
        base = BaseMap(kind=kind, url=service, layers=layers, attribution=CREDIT)
        async with looking_at(chromium, jurisdictions, base, tmp_path) as page:
            await page.goto("/fr/formulaire")
            await come_to_map(page)
            await expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
        path = urlsplit(tiles.asked[0][0])
        if kind == "arcgis":
            assert re.fullmatch(r"/arcgis/rest/services/Fond/MapServer/tile/\d+/\d+/\d+", path.path)
            continue
        assert path.path.endswith("/MapServer/export")
        asked = {name: values[0] for name, values in parse_qs(path.query).items()}
        west, south, east, north = map(float, asked.pop("bbox").split(","))
        assert -8_250_000 < west < east < -8_100_000
        assert 5_650_000 < south < north < 5_750_000
        assert east - west == pytest.approx(north - south)
        assert asked == {
            **{"f": "image", "format": "png32", "transparent": "false", "size": "256,256", "layers": "show:0,3"},
            **{"bboxSR": "3857", "imageSR": "3857"},
        }


@pytest.mark.parametrize(("scheme", "name"), [("dark", "/nuit/"), ("light", "/clair/")])
async def test_by_night_a_town_may_have_other_tiles(chromium, jurisdictions, tiles, tmp_path, scheme, name):
    tiles.asked.clear()
    base = xyz(tiles, dark_url=f"{tiles.origin}/nuit/{{z}}/{{x}}/{{y}}.png", tile_size=512)
    async with looking_at(chromium, jurisdictions, base, tmp_path, color_scheme=scheme) as page:
        await page.goto("/fr/formulaire")
        await come_to_map(page)
        await expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
        assert {path[: len(name)] for path, _ in tiles.asked} == {name}
        assert await page.locator("img.leaflet-tile").first.evaluate("each => each.style.width") == "512px"


async def test_a_map_whose_tiles_do_not_come_says_so_quietly_and_draws_the_streets(chromium, jurisdictions, tmp_path):
    gone = Tiles()
    gone.server_close()
    async with looking_at(chromium, jurisdictions, xyz(gone), tmp_path) as page:
        await page.goto("/fr/formulaire")
        await come_to_map(page)
        await expect(page.locator("[data-map-quiet]")).to_contain_text("Le fond de carte n’est pas disponible")
        streets = page.locator(".street-line")
        await expect(streets).to_be_attached()
        assert (await streets.get_attribute("d")).count("M") > 50
        await page.locator(".map__canvas").click()
        await expect(page.locator('[name="where.lon"]')).not_to_have_value("")
