"""An operation of the API, said once: what is asked, who may, what answers, and the function that does it.

Its route, its guard, its limits of pace, its description and its line in the guide are made from this.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from types import ModuleType
from typing import Any, Literal, TypedDict, Unpack

from msgspec import Struct, structs

from parvis.requests.visibility import Permission

Schema = dict[str, Any]
Method = Literal["get", "post", "put", "patch"]
Pace = Literal["submit", "upload", "write", "read"]
Function = Callable[..., Awaitable[Any]]
ALWAYS = frozenset({400, 401, 422, 429, 500, 503})


class OperationOptions(TypedDict, total=False):
    """What an operation says of itself where it is not what is usual; see `Operation`."""

    id: str
    answer: type[Struct]
    status: int
    body: type[Struct]
    formerly: dict[str, str]
    scope: str
    enough: str
    key: bool
    rights: tuple[Permission, ...]
    pace: Pace
    query: dict[str, Schema]
    any_query: bool
    headers: dict[str, Schema]
    problems: tuple[int, ...]
    tag: str
    upload: bool
    download: bool
    media: str
    largest: int
    also_off: bool
    for_everybody: bool


class Operation(Struct, frozen=True, kw_only=True):
    """One thing that can be asked of the API.

    A token needs `scope`, or the one that is `enough`, and has the `rights` over the request that is named; with `key`
    the key of the request does instead. `problems` are the statuses that do not follow from the rest. `any_query` lets
    the caller add to the address what it likes, `formerly` says what members were called before, `media` is the kind of
    answer, `largest` the body in bytes where it is not the usual. `owner` is the module that brings it, empty for the
    core; one that is answered `also_off` takes what was begun before its module was switched off. What is
    `for_everybody` tells all who come without a token the same, and is kept ready.
    """

    method: Method
    path: str
    id: str
    summary: str
    function: Function
    answer: type[Struct] | None = None
    status: int = 200
    body: type[Struct] | None = None
    formerly: dict[str, str] = {}
    scope: str = ""
    enough: str = ""
    key: bool = False
    rights: tuple[Permission, ...] = ()
    pace: Pace = "read"
    query: dict[str, Schema] = {}
    any_query: bool = False
    headers: dict[str, Schema] = {}
    problems: tuple[int, ...] = ()
    tag: str = "requests"
    upload: bool = False
    download: bool = False
    media: str = "application/json"
    largest: int = 0
    owner: str = ""
    also_off: bool = False
    for_everybody: bool = False

    @property
    def is_for_holders(self) -> bool:
        """Whether nobody but who has the key of the request may change this."""
        return self.key and not self.scope and self.method != "get"

    @property
    def scopes(self) -> tuple[str, ...]:
        """What a token needs, all of it: nobody works on what they may not read."""
        return (*(("requests:read",) if self.scope == "requests:write" else ()), *((self.scope,) if self.scope else ()))

    @property
    def parameters(self) -> tuple[str, ...]:
        """What may stand in the address behind the path."""
        return (*self.query, *(("key",) if self.key else ()))

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that tells of a problem."""
        follow = {
            403: bool(self.scope) or self.is_for_holders,
            404: "{" in self.path,
            415: self.body is not None,
        }
        return tuple(sorted({*ALWAYS, *self.problems, *(status for status, holds in follow.items() if holds)}))


def operation(asked: str, summary: str, **declared: Unpack[OperationOptions]) -> Callable[[Function], Operation]:
    """Make a function an operation: `@operation("GET /things/{id}", "One thing")`; its result says what answers."""
    method, _, path = asked.partition(" ")

    def made(function: Function) -> Operation:
        shape = inspect.get_annotations(function, eval_str=True).get("return")
        known: dict[str, Any] = {
            "id": function.__name__,
            "answer": shape if inspect.isclass(shape) and issubclass(shape, Struct) else None,
            "pace": "read" if method == "GET" else "write",
        }
        return Operation(
            method=method.lower(),  # type: ignore[arg-type]
            path=path,
            summary=summary,
            function=function,
            **known | dict(declared),
        )

    return made


def operations_of(subjects: Iterable[ModuleType], owner: str = "") -> tuple[Operation, ...]:
    """The operations that stand in these modules, in their order there."""
    return tuple(
        structs.replace(each, owner=owner)
        for subject in subjects
        for each in vars(subject).values()
        if isinstance(each, Operation) and each.function.__module__ == subject.__name__
    )


WORDS: Schema = {"type": "string", "maxLength": 200}
SEVERAL: Schema = {"type": "string", "maxLength": 2000}
FIELDS: Schema = SEVERAL | {"description": "Members of each row: those named here, with commas, and no others"}
LON: Schema = {"type": "number", "minimum": -180, "maximum": 180}
LAT: Schema = {"type": "number", "minimum": -90, "maximum": 90}
WHOLE: Schema = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
