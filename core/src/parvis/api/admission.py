"""What stands before every operation: whether it is offered here, knows what is asked, how often and by whom."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException, NotFoundException
from litestar.handlers import BaseRouteHandler

from parvis.api.calls import Call, call_of, limited, require
from parvis.api.operations import Operation
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

UNKNOWN = Text(
    fr="Le paramètre «\u00a0{name}\u00a0» n’existe pas ici. {offered}",
    en="There is no parameter “{name}” here. {offered}",
)
OFFERED = Text(fr="Cette adresse prend\u00a0: {names}.", en="This address takes: {names}.")
NONE = Text(fr="Cette adresse n’en prend aucun.", en="This address takes none.")
MOST = 20


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every operation; who calls is kept for the operation itself."""
    operation: Operation = handler.opt["operation"]
    connection.state.call = call = await call_of(connection, operation)
    if not operation.also_off and not call.heart.modules.of(call.town).has(operation.owner):
        raise NotFoundException("There is no such operation.")
    refuse_unknown(call, list(connection.query_params.keys()))
    limited(call)
    if operation.scope and not (operation.key and connection.query_params.get("key")):
        authorized(call)


def refuse_unknown(call: Call, given: list[str]) -> None:
    """Each parameter that the operation does not know, named, with those that it does: never ignored."""
    if call.operation.any_query:
        return
    known = call.operation.parameters
    # A key narrows nothing: what it opens, or that it opens nothing here, each operation says itself.
    unknown = [name for name in dict.fromkeys(given) if name not in (*known, "key")][:MOST]
    if unknown:
        raise refused(unknown, known, call.language)


def refused(unknown: list[str], known: tuple[str, ...], language: str) -> HTTPException:
    offered = OFFERED.format(names=", ".join(known)) if known else NONE
    errors: list[Any] = [
        {
            "path": name,
            "code": "unknown_parameter",
            "message": UNKNOWN.format(name=name, offered=offered).to(language),
        }
        for name in (clean(name)[:60] for name in unknown)
    ]
    named = ", ".join(f"`{each['path']}`" for each in errors)
    return HTTPException(status_code=422, detail=f"Unknown in the address: {named}.", extra=errors)


def authorized(call: Call) -> None:
    """Refuse who has no token with a scope that is enough."""
    enough = call.operation.enough
    if not (enough and call.token and call.token.allows(enough)):
        require(call, call.operation.scope)
