"""What is personal in the tables of an owner: what goes with a request that is erased, or with a closed account."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from msgspec import Struct

if TYPE_CHECKING:
    from parvis.requests.host import Host

Value = str | int | bool | None
Forget = Callable[["Host", UUID], Awaitable[None]]


class Personal(Struct, frozen=True, kw_only=True):
    """A table with something personal of requests: its rows go with the request, or stay with these columns emptied.

    It is data alone, so that it can be obeyed when the code of its owner is gone.
    """

    table: str
    column: str = "request"  # says of which request, or of which account, a row is
    by: Literal["id", "reference"] = "id"
    through: str = ""  # the table whose ids stand in that column, and which says the request itself
    blank: dict[str, Value] = {}  # what stands in these columns then; without any, the rows go
    ends: tuple[str, ...] = ()  # columns that then say when
    told: tuple[str, ...] = ()  # columns that a person is given who asks for everything that is kept about them


class StoredContent(Struct, frozen=True, kw_only=True):
    """A column that holds the digests of contents of the store, which are kept as long as a row names them.

    Data alone too: what a module kept stays in the store when its code is gone.
    """

    table: str
    column: str
    by: str = "request"  # the column that says of which request a row is


class OfAddress(Struct, frozen=True, kw_only=True):
    """A table whose rows are of an address in a town, and go when all that lies around the address is to be forgotten.

    Data alone, for the same reason.
    """

    table: str
    column: str = "email"
    town: str = "jurisdiction"


class SortingTable(Struct, frozen=True, kw_only=True):
    """A table with what came in for a town and stands on no request until somebody sorts it on that `page`."""

    table: str
    states: tuple[str, ...]
    page: str


class ErasureRule(Struct, frozen=True, kw_only=True):
    """What one owner of tables has to do with the erasure of a request, and with the closing of an account."""

    personal: tuple[Personal, ...] = ()
    forget: Forget | None = None  # inside the transaction: what such data cannot say
    once_removed: tuple[Personal, ...] = ()  # in place of what only its code can do, when that is gone
    needed: tuple[str, ...] = ()  # SELECTs of the ids of requests that something still needs
    typed: tuple[str, ...] = ()  # SELECTs of the holders of files that wait for what is still being typed
    holds: str = ""  # begins the holders of files that wait for this owner, up to the colon; left alone without it
    addressed: tuple[OfAddress, ...] = ()  # rows of an address, whatever its requests
    closed: tuple[Personal, ...] = ()  # rows of an account, which go when it is closed
    unsorted: tuple[SortingTable, ...] = ()  # what is lost with a town unless it is put on a request first
    contents: tuple[StoredContent, ...] = ()  # what it keeps in the store, beside the files that came with requests
