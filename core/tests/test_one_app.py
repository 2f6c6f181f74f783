"""A router that nothing copies: its handlers serve several applications of one process, each in its own way."""

import httpx
import pytest
from litestar import Litestar, Request, Router, get
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.response import Response

from parvis.one_app import RouterOfOneApp


@get(["/who", "/qui"])
async def who(name: NamedDependency[str]) -> str:
    return name


@get("/nothing")
async def nothing() -> str:
    raise NotFoundException


def door(word):
    async def before(request: Request) -> Response | None:
        return Response(f"closed by {word}") if "closed" in request.query_params else None

    return before


def refusing(word):
    def refuse(request: Request, error: NotFoundException) -> Response:
        return Response(f"not in {word}")

    return refuse


def app_of(word, made=RouterOfOneApp):
    """An application with two layers, both of which say something of what stands in them."""

    def name() -> str:
        return word

    inner = made(
        "/in",
        route_handlers=[who, nothing],
        before_request=door(word),
        dependencies={"name": Provide(name, sync_to_thread=False)},
    )
    outer = made("/out", route_handlers=[inner], exception_handlers={NotFoundException: refusing(word)})
    return Litestar([outer], openapi_config=None, logging_config=None)


async def said_by(app):
    paths = ("who", "qui", "who?closed=1", "nothing")
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        return [(await http.get(f"/out/in/{path}")).text for path in paths]


@pytest.mark.parametrize("made", [Router, RouterOfOneApp])
async def test_two_applications_of_the_same_handlers_answer_each_in_its_own_way(made):
    first, second = app_of("Laval", made), app_of("Verdun", made)
    assert await said_by(second) == ["Verdun", "Verdun", "closed by Verdun", "not in Verdun"]
    assert await said_by(first) == ["Laval", "Laval", "closed by Laval", "not in Laval"]


def test_it_stands_in_one_application_only():
    router = RouterOfOneApp("/", route_handlers=[nothing])
    Litestar([router], openapi_config=None, logging_config=None)
    with pytest.raises(TypeError, match="make another one"):
        Litestar([router], openapi_config=None, logging_config=None)


def test_arguments_of_a_handler_are_read_once_in_a_process():
    RouterOfOneApp("/", route_handlers=[who])
    read = who.parsed_fn_signature
    kept = RouterOfOneApp("/", route_handlers=[who]).routes[0].route_handlers[0]
    assert kept is not who
    assert kept.parsed_fn_signature is read
