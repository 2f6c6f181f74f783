"""What may stand in the address of a call: a parameter that an operation does not know is refused, never ignored."""

import re
from typing import Any

from litestar.exceptions import HTTPException

from parvis.api.calls import AnyRequest, language_of
from parvis.api.description import OPERATIONS
from parvis.api.operations import Operation
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

UNKNOWN = Text(
    fr="Le paramètre «\u00a0{name}\u00a0» n’existe pas ici. {offered}",
    en="There is no parameter “{name}” here. {offered}",
)
OFFERED = Text(fr="Cette adresse prend\u00a0: {names}.", en="This address takes: {names}.")
NONE = Text(fr="Cette adresse n’en prend aucun.", en="This address takes none.")
KEY = "key"
MOST = 20
TYPED = re.compile(r":\w+}")
BY_OTHERS = ("take_payment_call", "take_connector_call")  # who calls there adds what it likes
KNOWN: dict[tuple[str, str], Operation] = {(each.method, each.path): each for each in OPERATIONS}


def refuse_unknown(request: AnyRequest) -> None:
    """Before an operation is done: each parameter that it does not know, named, with those that it does."""
    operation = operation_of(request)
    if operation is None or operation.id in BY_OTHERS:
        return
    known = names_of(operation)
    # A key narrows nothing: what it opens, or that it opens nothing here, each operation says itself.
    unknown = [name for name in dict.fromkeys(request.query_params.keys()) if name not in (*known, KEY)][:MOST]
    if unknown:
        raise refused(unknown, known, language_of(request))


def operation_of(request: AnyRequest) -> Operation | None:
    """The operation that this call asks for, as it is described."""
    method = {"HEAD": "get"}.get(request.method, request.method.lower())
    template = TYPED.sub("}", str(request.scope["path_template"]))
    return KNOWN.get((method, template.removeprefix("/api/v1")))


def names_of(operation: Operation) -> tuple[str, ...]:
    return (*operation.query, *((KEY,) if operation.key else ()))


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
