"""The routers of one place of the web: the host's own, and one for each module, whose pages stand behind its switch."""

from collections.abc import Iterable, Mapping
from typing import Any

from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import ExceptionHandlersMap

from parvis.one_app import RouterOfOneApp
from parvis.web.places import handlers_in
from parvis.web.sign_in.guard import BeforeRequest, of_module

Dependencies = Mapping[str, Provide]
NO_PACKAGES: Mapping[str, str] = {}


def routers(
    own: Iterable[HTTPRouteHandler],
    packages: Mapping[str, str],
    before: BeforeRequest,
    *,
    refusing: ExceptionHandlersMap,
    given: Dependencies,
    anywhere: bool = False,
) -> list[Any]:
    """Behind the same guard: what the host answers there, and what the packages of modules do where they are on.

    `packages` are named by their modules; `given` is what a handler may ask for by name. With `anywhere`, one town that
    has the module is enough.
    """
    doors = [(list(own), before)]
    doors += [(handlers_in(package), of_module(name, before, anywhere=anywhere)) for name, package in packages.items()]
    return [
        RouterOfOneApp(
            "/",
            route_handlers=handlers,
            before_request=door,
            exception_handlers=refusing,
            dependencies=given,
            include_in_schema=False,
        )
        for handlers, door in doors
    ]
