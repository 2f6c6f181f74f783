"""Tiles of a town's base map by our own address: fetched once for everybody, kept on disk, and only that source's.

So the source learns no address of any resident, and the map stays while the source is away. What can be asked for is
bounded: the tiles of the map that the town chose, around the town, as many megabytes as it wants kept.
"""

import asyncio
import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.http_client import Clients
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.base_map import BASE_MAP, DAY, NIGHT, BaseMap
from parvis.plugins.trying import Success, attempt
from parvis.requests.locating import Circuits
from parvis.web.sign_in.guard import ALSO_OFF
from parvis.web.town import find_town, town_of
from parvis_map_tiles.sources import address_at_source, is_tile
from parvis_sdk.connectors import Pace
from parvis_sdk.errors import Refused

AnyRequest = Request[Any, Any, Any]
PACE = Pace(at_once=12, seconds=8.0)
WAIT = 8.0
MEGABYTE = 1_000_000
LARGEST = 2 * MEGABYTE
KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp", b"GIF8": "image/gif"}
SWEPT_AFTER = 200  # tiles that were written
KEPT_BY_BROWSERS = 86_400  # seconds
OLD_BY_BROWSERS = 300
SECONDS_OF_A_DAY = 86_400
log = structlog.get_logger("parvis.tiles")


class Tile(Struct, frozen=True):
    """A picture, and whether it is older than it should be."""

    content: bytes
    is_old: bool = False


class Tiles:
    """The tiles that this installation keeps; lives as long as the application."""

    def __init__(self, folder: Path, clients: Clients, referer: str) -> None:
        self.folder, self.clients, self.referer = folder, clients, referer
        self.circuits = Circuits()
        self._coming: dict[Path, asyncio.Lock] = {}
        self._written = 0

    async def tile(self, town: Jurisdiction, base: BaseMap, url: str, at: tuple[int, int, int]) -> Tile | None:
        """The tile, fetched where it is not kept or too old; None where the source has none and nothing is kept."""
        home = self.folder / f"{town.code}-{_mark(base, url)}"
        place = home / str(at[0]) / str(at[1]) / str(at[2])
        seconds = base.keep_days * SECONDS_OF_A_DAY
        kept = await asyncio.to_thread(_read, place, seconds)
        if kept is not None and not kept.is_old:
            return kept
        lock = self._coming.setdefault(place, asyncio.Lock())
        try:
            async with lock:  # a crowd that looks at the same town asks the source once
                if (
                    again := await asyncio.to_thread(_read, place, base.keep_days * SECONDS_OF_A_DAY)
                ) and not again.is_old:
                    return again
                content = await self._fetched(town, address_at_source(base, url, *at))
                if content is None:
                    return kept
                await asyncio.to_thread(_write, place, content)
        finally:
            if not lock.locked():
                self._coming.pop(place, None)
        await self._sweep_now_and_then(base, home)
        return Tile(content)

    async def _fetched(self, town: Jurisdiction, address: str) -> bytes | None:
        name, now = f"tiles:{town.code}", clock.now()
        if self.circuits.is_open(name, now):
            return None
        http = self.clients.of(name, PACE)

        async def fetch() -> bytes | None:
            answer = await http.get(address, headers={"referer": self.referer, "accept": "image/*"})
            if answer.status_code in (204, 404):
                return None
            if answer.status_code != 200 or not _kind(answer.content) or len(answer.content) > LARGEST:
                raise Refused(f"its answer is no picture (HTTP {answer.status_code})")
            return answer.content

        tried = await attempt(fetch, WAIT, function=fetch)
        if isinstance(tried, Success):
            self.circuits.worked(name)
            return tried.value
        self.circuits.failed(name, now)
        log.warning("base map", town=town.code, trouble=str(tried))
        return None

    async def _sweep_now_and_then(self, base: BaseMap, home: Path) -> None:
        self._written += 1
        if self._written % SWEPT_AFTER == 1:
            dropped = await asyncio.to_thread(sweep, home, base.keep_megabytes * MEGABYTE)
            if dropped:
                log.info("tiles dropped", folder=home.name, tiles=dropped)


@get("/tuiles/{variant:str}/{z:int}/{x:int}/{y:int}", include_in_schema=False, uncompressed=True, opt={ALSO_OFF: True})
async def tile(
    request: AnyRequest, variant: FromPath[str], z: FromPath[int], x: FromPath[int], y: FromPath[int]
) -> Response[bytes]:
    """One tile of the base map of the town, where its file lets them go through us, whether the module is on or not."""
    town = town_of(request.scope) or find_town(request.app.state.pages.jurisdictions, request.scope)
    base = BASE_MAP.of(town)
    url = {DAY: base.url, NIGHT: base.dark_url}.get(variant, "") if base else ""
    if base is None or not base.proxy or not url or not is_tile(base, town.bounds, z, x, y):
        raise NotFoundException("There is no such tile.")
    found = await tiles_of(request).tile(town, base, url, (z, x, y))
    if found is None:
        return Response(b"", status_code=404, headers={"cache-control": "no-store"}, media_type="text/plain")
    seconds = OLD_BY_BROWSERS if found.is_old else KEPT_BY_BROWSERS
    headers = {"cache-control": f"public, max-age={seconds}", "x-content-type-options": "nosniff"}
    return Response(found.content, media_type=_kind(found.content), headers=headers)


def tiles_of(request: AnyRequest) -> Tiles:
    state = request.app.state
    if "tiles" not in state:
        deployment = state.deployment
        folder = deployment.settings.data / "cache" / "tiles"
        state.tiles = Tiles(folder, deployment.host.of(Clients), f"{deployment.settings.address}/")
    kept: Tiles = state.tiles
    return kept


def sweep(home: Path, most: int) -> int:
    """Drop the oldest tiles of a folder until nine tenths of what may be kept are left; how many went."""
    found = []
    for path in home.rglob("*"):
        with suppress(OSError):
            about = path.stat()
            if path.is_file():
                found.append((about.st_mtime, about.st_size, path))
    total, dropped = sum(size for _, size, _ in found), 0
    if total <= most:
        return 0
    for _, size, path in sorted(found, key=lambda each: each[0]):
        if total <= most * 9 // 10:
            break
        path.unlink(missing_ok=True)
        total, dropped = total - size, dropped + 1
    return dropped


def _mark(base: BaseMap, url: str) -> str:
    """Tells sources apart, so that another one shows none of the former's tiles."""
    told = "\n".join((base.kind, url, base.layers, base.format, base.version))
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _kind(content: bytes) -> str:
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), "")


def _read(place: Path, seconds: int) -> Tile | None:
    try:
        with place.open("rb") as file:
            age = clock.now().timestamp() - os.fstat(file.fileno()).st_mtime
            return Tile(file.read(), age > seconds)
    except OSError:
        return None


def _write(place: Path, content: bytes) -> None:
    """Beside its place and moved in whole; a disk that is full keeps nobody from the map."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.utime(name, (now := clock.now().timestamp(), now))
        os.replace(name, place)
    except OSError as error:
        log.warning("a tile was not kept", trouble=str(error))
