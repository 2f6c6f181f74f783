"""Tiles of the base map by our own address: the source sees no resident, and may go away."""

import io
import os
import threading
from contextlib import asynccontextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from msgspec.structs import replace
from PIL import Image

from parvis import clock
from parvis.app import create_app
from parvis.deployment import compose
from parvis.example_towns import town_folder
from parvis.jurisdictions.base_map import BASE_MAP, BaseMap
from parvis.modules import NO_MODULES
from parvis.sections import OutgoingSettings
from parvis.settings import Settings
from parvis.web.mapping import base_data
from parvis.web.security import content_policy
from parvis_map_tiles.sources import address_at_source, is_tile
from parvis_map_tiles.tiles import sweep
from parvis_sdk.text import Text
from parvis_testing.town import with_own_deployment

Z, X, Y = 14, 4843, 5859  # over the demo town


def picture(colour):
    held = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(held, "PNG")
    return held.getvalue()


BLUE, RED = picture("blue"), picture("red")


class Source(ThreadingHTTPServer):
    """A server of tiles; `answer` is what it answers: a status and a body."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.answer = [], (200, BLUE)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        status, body = self.server.answer
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        """Nothing on the screen."""


@pytest.fixture
def source():
    server = Source()
    yield server
    server.shutdown()
    server.server_close()


def proxied(source, **more):
    given = {"url": f"{source.url}/{{z}}/{{x}}/{{y}}.png", "attribution": Text(fr="© Essai"), "proxy": True}
    return BaseMap(**{**given, **more})


@pytest.fixture(scope="module")
def whole_app(tmp_path_factory, modules):
    """The application made once, and what it holds before its first call."""
    settings = Settings(
        territory=town_folder(),
        secret_key="s" * 40,
        data=tmp_path_factory.mktemp("whole"),
        worker=False,
        outgoing=OutgoingSettings(private=("127.0.0.0/8",)),
    )
    app = create_app(settings, plugins=[], modules=modules)
    return app, app.state.dict()


@pytest.fixture
def town_with(whole_app, database_url, tmp_path, monkeypatch):
    @asynccontextmanager
    async def opened(base):
        app, first = whole_app
        with_own_deployment(app, first, replace(first["deployment"].settings, data=tmp_path, database=database_url))
        towns = app.state.deployment.jurisdictions.by_code
        monkeypatch.setitem(towns, "parvis", BASE_MAP.put(towns["parvis"], base))
        transport = httpx.ASGITransport(app=app, client=("203.0.113.9", 1))
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield http

    return opened


async def test_a_tile_is_fetched_once_and_tells_the_source_nothing_of_who_looks(source, town_with):
    async with town_with(proxied(source)) as http:
        headers = {"cookie": "a=b", "user-agent": "Somebody/1", "x-forwarded-for": "203.0.113.9"}
        first = await http.get(f"/tuiles/jour/{Z}/{X}/{Y}", headers=headers)
        again = await http.get(f"/tuiles/jour/{Z}/{X}/{Y}")
    assert (first.status_code, first.content, first.headers["content-type"]) == (200, BLUE, "image/png")
    assert first.headers["cache-control"] == "public, max-age=86400"
    assert "set-cookie" not in first.headers
    assert again.content == BLUE
    [(path, told)] = source.asked
    assert path == f"/{Z}/{X}/{Y}.png"
    assert told["user-agent"].startswith("Parvis/")
    assert "203.0.113.9" not in str(told)
    assert "cookie" not in told


async def test_what_is_kept_stays_while_the_source_is_away_and_is_renewed_when_it_is_old(source, town_with):
    async with town_with(proxied(source, keep_days=7)) as http:
        with clock.moved_to(clock.now()) as moved:
            await http.get(f"/tuiles/jour/{Z}/{X}/{Y}")
            moved.forward(timedelta(days=8))
            source.answer = (503, b"busy")
            old = await http.get(f"/tuiles/jour/{Z}/{X}/{Y}")
            assert (old.content, old.headers["cache-control"]) == (BLUE, "public, max-age=300")
            never = await http.get(f"/tuiles/jour/{Z}/{X}/{Y + 1}")
            assert (never.status_code, never.headers["cache-control"]) == (404, "no-store")
            source.answer = (200, RED)
            moved.forward(timedelta(minutes=1))
            assert (await http.get(f"/tuiles/jour/{Z}/{X}/{Y}")).content == RED


async def test_a_source_that_fails_is_left_alone_for_a_while(source, town_with):
    source.answer = (500, b"")
    async with town_with(proxied(source)) as http:
        for column in range(6):
            await http.get(f"/tuiles/jour/{Z}/{X + column}/{Y}")
    assert len(source.asked) == 3


@pytest.mark.parametrize("body", [b"<html>Sign in", b"", b"\x89PNG" + b"0" * 2_000_001])
async def test_what_is_no_picture_is_not_passed_on(source, town_with, tmp_path, body):
    source.answer = (200, body)
    async with town_with(proxied(source)) as http:
        assert (await http.get(f"/tuiles/jour/{Z}/{X}/{Y}")).status_code == 404
    assert not list((tmp_path / "cache/tiles").rglob("*.*")) if (tmp_path / "cache/tiles").exists() else True


@pytest.mark.parametrize(
    "path",
    [
        f"/tuiles/jour/{Z}/0/{Y}",  # on the other side of the world
        "/tuiles/jour/20/309980/374880",  # nearer than there are tiles
        f"/tuiles/nuit/{Z}/{X}/{Y}",  # the town has none for the night
        f"/tuiles/autre/{Z}/{X}/{Y}",
        f"/tuiles/jour/{Z}/-1/{Y}",
        f"/tuiles/jour/{Z}/{X}/..%2f..%2fetc",
        f"/tuiles/jour/{Z}/{X}/99999999999999999999",
    ],
)
async def test_nothing_but_the_map_of_the_town_goes_through(source, town_with, path):
    async with town_with(proxied(source)) as http:
        assert (await http.get(path)).status_code == 404
    assert source.asked == []


async def test_a_town_whose_tiles_browsers_fetch_themselves_fetches_none(source, town_with):
    async with town_with(proxied(source, proxy=False)) as http:
        assert (await http.get(f"/tuiles/jour/{Z}/{X}/{Y}")).status_code == 404
    assert source.asked == []


def test_the_browser_is_told_of_our_own_address_only(source):
    base = proxied(source, kind="wms", layers="fond", dark_url=f"{source.url}/nuit", tile_size=512)
    assert base_data(base) == {
        "kind": "xyz",
        "url": "/tuiles/jour/{z}/{x}/{y}",
        "dark": "/tuiles/nuit/{z}/{x}/{y}",
        "zoom": 19,
        "size": 256,
        "subdomains": [],
    }
    assert "img-src 'self' data: blob:;" in content_policy(base.origins)


def test_the_tiles_of_an_arcgis_map_service_are_those_that_it_keeps_or_that_it_draws():
    url = "https://sig.example/arcgis/rest/services/Fond/MapServer"
    kept = BaseMap(kind="arcgis", url=url, attribution=Text(fr="©"))
    assert base_data(kept)["url"] == f"{url}/tile/{{z}}/{{y}}/{{x}}"
    assert "blob: https://sig.example;" in content_policy(kept.origins)
    assert address_at_source(kept, url, Z, X, Y) == f"{url}/tile/{Z}/{Y}/{X}"
    drawn = BaseMap(kind="arcgis_export", url=url, layers="0,3", attribution=Text(fr="©"))
    assert (base_data(drawn)["kind"], base_data(drawn)["layers"]) == ("arcgis_export", "0,3")
    where = urlsplit(address_at_source(drawn, url, Z, X, Y))
    assert where.path.endswith("/MapServer/export")
    asked = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert (asked["f"], asked["bboxSR"], asked["layers"], asked["size"]) == ("image", "3857", "show:0,3", "256,256")
    west, south, east, north = map(float, asked["bbox"].split(","))
    assert west < -8190966 < east
    assert south < 5704331 < north


def test_a_wms_behind_us_is_asked_for_the_same_as_by_browsers():
    base = BaseMap(kind="wms", url="https://w.example/ows?map=a", layers="fond", attribution=Text(fr="©"), proxy=True)
    asked = parse_qs(urlsplit(address_at_source(base, base.url, 1, 0, 0)).query, keep_blank_values=True)
    assert (asked["map"], asked["CRS"], asked["LAYERS"], asked["STYLES"]) == (["a"], ["EPSG:3857"], ["fond"], [""])
    assert [round(float(edge)) for edge in asked["BBOX"][0].split(",")] == [-20037508, 0, 0, 20037508]


def test_tiles_around_a_town_are_tiles_of_its_map_at_every_scale():
    base = BaseMap(url="https://t.example/{z}/{x}/{y}", attribution=Text(fr="©"))
    town = (-73.62, 45.50, -73.55, 45.55)
    assert is_tile(base, town, 0, 0, 0)
    assert is_tile(base, town, Z, X, Y)
    assert not is_tile(base, town, Z, X + 10, Y)


def test_of_too_many_tiles_the_oldest_are_dropped(tmp_path):
    for number in range(10):
        place = tmp_path / "14" / str(number)
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"0" * 1000)
        os.utime(place, (number, number))
    assert sweep(tmp_path, 10_000) == 0
    assert sweep(tmp_path, 5_000) == 6
    assert sorted(path.name for path in (tmp_path / "14").iterdir()) == ["6", "7", "8", "9"]


async def test_an_english_browser_that_declared_nothing_has_tiles_and_a_town_that_switched_it_off_too(
    source, town_with, monkeypatch
):
    async with town_with(proxied(source)) as http:
        towns = http._transport.app.state.deployment.jurisdictions.by_code
        monkeypatch.setitem(towns, "parvis", replace(towns["parvis"], language_regime="english_on_declaration"))
        tile = await http.get(f"/tuiles/jour/{Z}/{X}/{Y}", headers={"accept-language": "en"})
    assert (tile.status_code, tile.content) == (200, BLUE)


def test_a_town_whose_tiles_nobody_passes_on_is_told(source, whole_app, modules, monkeypatch):
    app, _ = whole_app
    settings = app.state.deployment.settings
    for known, told in ((NO_MODULES, True), (modules, False)):
        towns = compose(settings, [], {}, known).jurisdictions
        monkeypatch.setitem(towns.by_code, "parvis", BASE_MAP.put(towns.by_code["parvis"], proxied(source)))
        monkeypatch.setattr("parvis.deployment.load_jurisdictions", lambda folder, files, towns=towns: towns)
        ends = [(each.file, each.key) for each in compose(settings, [], {}, known).loose_ends]
        assert (("parvis/jurisdiction.toml", "base_map") in ends) is told
