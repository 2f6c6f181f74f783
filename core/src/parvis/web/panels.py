"""What the parts of a request show of themselves on its pages: one panel each, a template with its values."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Panel(Struct, frozen=True, kw_only=True):
    """One box of a page: its template is included with `panel` as its values."""

    template: str
    values: Mapping[str, Any]
