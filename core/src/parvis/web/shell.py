"""The shell as the application puts it on: middleware, hooks, handlers and routes, in the order they must stand."""

from typing import Any

import msgspec
from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.types import ExceptionHandlersMap

from parvis.web.assets import asset_routes
from parvis.web.conditional import conditional
from parvis.web.errors import EXCEPTION_HANDLERS
from parvis.web.installable import installable_routes
from parvis.web.mapping import territory_layer
from parvis.web.pages import Pages
from parvis.web.placing import TownMiddleware
from parvis.web.security import secure
from parvis.web.tiles import tile
from parvis.web.tracing import tracing

# Not Litestar's own setting: it would compress before the tag is made, and gzip writes the time of day into its output.
COMPRESSED = CompressionConfig(
    "brotli", brotli_quality=4, brotli_gzip_fallback=True, minimum_size=500, exclude_opt_key="uncompressed"
)


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """Keyword arguments for `Litestar(...)`; `app.state.pages` must be the same `Pages`."""

    route_handlers: list[Any]
    middleware: list[Any]
    before_send: list[Any]
    exception_handlers: ExceptionHandlersMap


def shell(pages: Pages) -> Shell:
    return Shell(
        route_handlers=[*asset_routes(), *installable_routes(), territory_layer, tile],
        middleware=[
            tracing,
            TownMiddleware(pages),
            DefineMiddleware(CompressionMiddleware, config=COMPRESSED),
            conditional,
        ],
        before_send=[secure],
        exception_handlers=EXCEPTION_HANDLERS,
    )
