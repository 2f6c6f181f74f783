"""Styles, fonts, scripts and images: found by their plain name, served under a name that may be kept for ever."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.router import Router
from litestar.static_files import create_static_files_router

from parvis.web.colours import brand_sheet

BUILT = Path(__file__).parent / "static" / "built"
STATIC = "/static"
FOR_EVER = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)
NOT_BUILT = """\
the front-end is not built: {path} is missing
  so what the pages would have no styles, therefore the host does not start
  now     install core again (pip install -e ./core); its build compiles core/frontend"""


class FrontEndMissing(RuntimeError):
    """The styles and scripts were never compiled."""


def read_manifest(folder: Path = BUILT) -> Mapping[str, str]:
    """Plain name to hashed name."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise FrontEndMissing(NOT_BUILT.format(path=path))
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


def asset_routes(folder: Path = BUILT) -> list[Router | HTTPRouteHandler]:
    """What is built, and the colours of each town."""
    return [
        create_static_files_router(
            path=f"{STATIC}/built", directories=[folder], cache_control=FOR_EVER, name="built", include_in_schema=False
        ),
        colours,
        favicon,
    ]


@get(
    "/static/brand/{sheet:str}",
    media_type="text/css",
    cache_control=FOR_EVER,
    include_in_schema=False,
    sync_to_thread=False,
)
def colours(sheet: FromPath[str]) -> str:
    css = brand_sheet(sheet.removesuffix(".css"))
    if css is None:
        raise NotFoundException
    return css


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def favicon() -> Response[None]:
    """Browsers ask for it by themselves; the pages name their own icon."""
    return Response(None, status_code=204, headers={"cache-control": "public, max-age=86400"})
