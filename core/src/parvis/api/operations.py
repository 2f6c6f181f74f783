"""What an operation of the API is, as its description tells it."""

from typing import Any

from msgspec import Struct

Schema = dict[str, Any]


class Operation(Struct, frozen=True, kw_only=True):
    """One thing that can be asked of the API."""

    method: str
    path: str
    id: str
    summary: str
    answer: type[Struct] | None = None
    many: bool = False
    status: int = 200
    body: type[Struct] | None = None
    scope: str = ""
    key: bool = False
    query: dict[str, Schema] = {}
    headers: dict[str, Schema] = {}
    errors: tuple[int, ...] = ()
    tag: str = "requests"
    upload: bool = False
    download: bool = False


WORDS: Schema = {"type": "string", "maxLength": 200}
WHOLE: Schema = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
