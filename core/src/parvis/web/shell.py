"""The shell as the application puts it on: its routes, and how errors are answered."""

from typing import Any

import msgspec
from litestar.types import ExceptionHandlersMap

from parvis.web.assets import asset_routes
from parvis.web.errors import EXCEPTION_HANDLERS
from parvis.web.installable import installable_routes
from parvis.web.mapping import territory_layer


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """Keyword arguments for `Litestar(...)`; around its `asgi_handler` goes `around`, with the `Pages` of its state."""

    route_handlers: list[Any]
    exception_handlers: ExceptionHandlersMap


def shell() -> Shell:
    return Shell(
        route_handlers=[*asset_routes(), *installable_routes(), territory_layer],
        exception_handlers=EXCEPTION_HANDLERS,
    )
