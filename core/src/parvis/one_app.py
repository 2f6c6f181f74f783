"""A router that is made for one application, so that nothing needs to copy it."""

from typing import Any, Self

from litestar import Router
from litestar.handlers import HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ControllerRouterHandler


class RouterOfOneApp(Router):
    """A router that stands in one place of one application, and is made anew for the next one.

    Litestar copies a router for each layer above it, every handler in it too, so that it may stand in two places; this
    one is taken as it is. What the arguments of a handler are is read once in a process, not once for an application.
    """

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        if isinstance(value, HTTPRouteHandler):
            _ = value.parsed_fn_signature  # kept by the handler, and by the copy of it that stands here
        routes = super().register(value)
        for route in routes:  # what answers OPTIONS is made once all methods of an address are known
            if isinstance(route, HTTPRoute):
                route.route_handlers = [each for each in route.route_handlers if each.http_methods != {"OPTIONS"}]
        return routes

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        if self.owner is not None:
            raise TypeError("this router stands in an application already; make another one")
        return self
