"""What the API says of the checklist of a request."""

from datetime import datetime

from msgspec import Struct

from parvis.api.said_shapes import Languages


class ItemShape(Struct, frozen=True, kw_only=True):
    """One line of a checklist; `done_at` is null while it is to be done."""

    id: str
    words: Languages
    made_at: datetime
    done_at: datetime | None
    done_by: str


class ChecklistShape(Struct, frozen=True, kw_only=True):
    """The lines of a request's checklist, in their order."""

    items: list[ItemShape]


class ChecklistEdit(Struct, frozen=True, kw_only=True):
    """What is to become of a checklist: a ready list begun by its code, lines added, ticked or not any more, removed.

    Lines are named by their ids and judged each by itself, so that no version is needed.
    """

    begin: str = ""
    add: list[str] = []
    done: list[str] = []
    not_done: list[str] = []
    remove: list[str] = []
