"""What an ERP must be able to do for us: the nouns that go to and fro, and the port that each dialect fits.

A dialect speaks one foreign protocol and decides nothing: when there is a work order or an invoice, what stands in it,
and what becomes of it is said in `orders` and `invoices`, once for all dialects.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.mapping import Described, Mapped

InvoiceState = Literal["draft", "open", "paid", "cancelled"]
OURS = "parvis-"  # how the files begin that we sent: they are no news
SAID = "Parvis\u00a0: "  # and how our remarks begin


class Stale(Exception):
    """Somebody changed the record since we read it: read again."""


class Work(Mapped, frozen=True, kw_only=True, omit_defaults=True):
    """How requests of some types stand as work orders in their table `to`.

    `key` is the column that holds our reference; where `columns` fills it too, the reference comes before those words.
    `read` is the column of the state, `cost` and `note` those of what the crew says, where there are any. `over` names
    the states in which an order is at its end there; `cancelled` is what to write into an order that is not wanted any
    more. `given` are the answers that a move of ours asks for, by their state; `{note}` is what the crew wrote.
    """

    key: str
    cost: str = ""
    note: str = ""
    over: tuple[str, ...] = ()
    cancelled: dict[str, Any] = {}
    given: dict[str, dict[str, str]] = {}

    @property
    def begins(self) -> bool:
        """Whether our reference stands before other words in its column."""
        return self.key in self.columns


class Order(Struct, frozen=True, kw_only=True):
    """A work order as it stands there; `version` is what a change must name."""

    id: str
    number: str
    key: str
    state: str
    version: str
    changed_at: datetime
    cost: Decimal = Decimal(0)
    note: str = ""


class Proof(Struct, frozen=True, kw_only=True):
    """A file that somebody there put beside a work order."""

    id: str
    order: str
    name: str


class Person(Struct, frozen=True, kw_only=True):
    """Who is to pay, as far as an invoice needs to know."""

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""


class Party(Struct, frozen=True, kw_only=True):
    """Somebody whom they know."""

    id: str
    name: str


class BillLine(Struct, frozen=True, kw_only=True):
    """One line of an invoice: an amount before what `taxes` add, and the account or product it is booked on."""

    title: str
    amount: Decimal
    account: str = ""
    product: str = ""
    taxes: tuple[str, ...] = ()


class Bill(Struct, frozen=True, kw_only=True):
    """An invoice to be made. `key` is our charge, `reference` our request; `options` are the dialect's own settings."""

    key: str
    reference: str
    title: str
    party: str
    currency: str
    lines: tuple[BillLine, ...]
    options: Mapping[str, str] = {}


class Invoice(Struct, frozen=True, kw_only=True):
    """A customer invoice as it stands there: what it comes to, and what is left to be paid."""

    id: str
    number: str
    key: str
    reference: str
    state: InvoiceState
    total: Decimal
    left: Decimal
    version: str
    changed_at: datetime


class Erp(Protocol):
    """One ERP during one call of the host. It raises `Later` and `Refused`, and `Stale` where a record changed.

    What changed `since` comes in the order of its change, at least so much that something later than `past` is among
    it if there is anything; the second value says whether there is more. `ledger` are the tables that invoices need.
    """

    ledger: tuple[str, ...]

    async def reach(self) -> None:
        """Return if the system answers at all, without signing in."""

    async def allowed(self, tables: Sequence[str]) -> tuple[str, ...]:
        """What our user may not do although it must, in words; nothing if all is well."""

    async def greet(self) -> str:
        """Who it is and whom it takes us for."""

    async def described(self, table: str) -> Mapping[str, Described]:
        """The columns of a table."""

    async def orders(self, work: Work, key: str) -> list[Order]:
        """The work orders with this key of ours, oldest first."""

    async def order(self, work: Work, id: str) -> Order | None:
        """One work order as it stands now."""

    async def make_order(self, work: Work, values: Mapping[str, Any]) -> Order:
        """A new one."""

    async def change_order(self, work: Work, order: Order, values: Mapping[str, Any]) -> Order | None:
        """Other values, unless somebody was faster; the order of which the answer tells, None where it tells of none.

        What the answer leaves out, its id or its key, is empty.
        """

    async def orders_since(self, work: Work, since: datetime, past: datetime) -> tuple[list[Order], bool]:
        """The work orders that changed."""

    async def proofs(self, work: Work, orders: Sequence[Order]) -> list[Proof]:
        """The files beside these orders."""

    async def content(self, proof: Proof) -> bytes:
        """The bytes of a file."""

    async def attach(self, work: Work, order: Order, name: str, kind: str, content: bytes) -> None:
        """Put a file beside an order, unless one of that name is there."""

    async def remark_order(self, work: Work, order: Order, words: str, mark: str) -> None:
        """Leave words beside an order, once for each `mark`; they are no news of the crew."""

    async def parties(self, person: Person) -> list[Party]:
        """Everybody there with the e-mail, or else the telephone, of this person; oldest first."""

    async def party(self, code: str) -> Party | None:
        """Somebody by the code that they gave."""

    async def make_party(self, person: Person) -> Party:
        """Somebody new."""

    async def drop_party(self, party: Party) -> None:
        """Take somebody away for whom nothing was made yet."""

    async def invoices(self, key: str) -> list[Invoice]:
        """The invoices with this key of ours, cancelled ones too, oldest first."""

    async def invoice(self, id: str) -> Invoice:
        """One invoice as it stands now."""

    async def make_invoice(self, bill: Bill) -> Invoice:
        """A new one, as a draft."""

    async def post_invoice(self, invoice: Invoice) -> Invoice:
        """Send a draft out: from now on it has a number and is owed."""

    async def cancel_invoice(self, invoice: Invoice) -> None:
        """See to it that nothing is owed by it any more: a draft goes, what was sent out is credited."""

    async def remark(self, invoice: Invoice, words: str) -> None:
        """Leave words beside an invoice, once."""

    async def invoices_since(self, since: datetime, past: datetime) -> tuple[list[Invoice], bool]:
        """The customer invoices that changed."""

    async def missing(self, line: BillLine) -> tuple[str, ...]:
        """The account, product and taxes of a line that are not known there."""


Opened = Callable[[Connection], Erp]
