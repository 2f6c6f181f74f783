"""What a module narrows a list of requests by, as data."""

from typing import Any

from msgspec import Struct


class ListCondition(Struct, frozen=True):
    """A part of a WHERE over requests, with its values; `{}` stands for each. The SQL is the module's own.

    Where it `leads` to a few rows at once, nothing else of the list is walked for them.
    """

    sql: str
    values: tuple[Any, ...] = ()
    leads: bool = False
