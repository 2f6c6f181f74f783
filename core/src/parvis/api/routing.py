"""The router of the API: the operations of the core, then those of each module that is installed."""

import re
from functools import wraps
from itertools import chain
from typing import Any, get_args

from litestar import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.types import Empty
from msgspec import Struct, structs, to_builtins

from parvis.api import changes, deliveries, details, disclosing, files, request_types, requests
from parvis.api.calls import DEPENDENCIES, admit, faulty
from parvis.api.description import show_description
from parvis.api.operations import Function, Operation, operations_of
from parvis.modules import NO_MODULES, ModuleRegistry, part
from parvis.one_app import RouterOfOneApp

PATH = "/api/v1"
PARAMETER = re.compile(r"{(\w+)}")
OPERATIONS = operations_of((request_types, requests, changes, details, files, disclosing, deliveries))


def routes(modules: ModuleRegistry = NO_MODULES) -> list[Any]:
    """One router for what is described, each operation behind its guard and with what it takes by name."""
    handlers = [route_of(each) for each in (show_description, *every_operation(modules))]
    return [RouterOfOneApp(PATH, route_handlers=handlers, dependencies=DEPENDENCIES, include_in_schema=False)]


def every_operation(modules: ModuleRegistry) -> tuple[Operation, ...]:
    """Those of the core, then those of each module, in its order; each says whose it is."""
    brought = (operations_of((part(each.module.api),), each.name) for each in modules.modules if each.module.api)
    return (*OPERATIONS, *chain.from_iterable(brought))


def route_of(operation: Operation) -> HTTPRouteHandler:
    made = HTTPRouteHandler(
        PARAMETER.sub(r"{\1:str}", operation.path),
        http_method=HttpMethod(operation.method.upper()),
        status_code=operation.status,
        guards=[admit],
        opt={"operation": operation, "for_everybody": operation.for_everybody},
        request_max_body_size=operation.largest or Empty,
    )
    return made(_narrowed(operation) if "fields" in operation.query else operation.function)


def _narrowed(operation: Operation) -> Function:
    """The function of a list; with `fields` its rows have the members that are named alone."""
    (rows,) = (each for each in structs.fields(operation.answer or Struct) if each.name == "items")
    known = get_args(rows.type)[0].__struct_fields__

    @wraps(operation.function)
    async def listed(**given: Any) -> Any:
        fields = given["call"].fields
        if not {*fields} <= {*known}:
            raise faulty("fields", "not_offered", "one_of", offered=", ".join(known))
        answer = await operation.function(**given)
        if not fields:
            return answer
        items = [{name: row[name] for name in fields if name in row} for row in to_builtins(answer.items)]
        return structs.asdict(answer) | {"items": items}

    return listed
