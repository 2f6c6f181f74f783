"""Online payment: what the host asks of a provider, and what a provider tells the host.

The host keeps the charge and its amount; a provider only moves money. The `key` of an order is ours, the same however
often it is tried: a provider hands it to its own system, and finds the payment by it again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

import httpx
from msgspec import Struct

from parvis_sdk.text import Text

PaymentState = Literal["open", "paid", "declined", "cancelled", "expired", "refunded"]


class Order(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be paid. The person comes back to `return_url`; signed calls go to `call_url`."""

    key: str
    town: str
    amount: int
    currency: str = "CAD"
    description: str
    reference: str
    language: str
    return_url: str
    call_url: str


class Begun(Struct, frozen=True, kw_only=True):
    """A payment that waits for the payer: the provider's own number of it, and where the person is sent."""

    id: str
    url: str


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of a payment at the provider: our key, its amount in cents, and the time of the state.

    `refunded` is the refunded amount. `url` is where the payer continues while it is open.
    """

    key: str
    id: str
    state: PaymentState
    amount: int
    currency: str
    at: datetime
    refunded: int = 0
    url: str = ""


class SignedCall(Struct, frozen=True, kw_only=True):
    """A call that came in at the address of a town: its headers by small names, the very bytes of its body, and when.

    Who may speak for one town may not speak for another: only a secret that the provider shares with `town` counts.
    """

    town: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class Refund(Struct, frozen=True, kw_only=True):
    """Money to give back: of the payment `id`, whose key was `payment`. The `key` of the refund is ours as well."""

    key: str
    payment: str
    id: str
    town: str
    amount: int
    currency: str = "CAD"


@runtime_checkable
class PaymentProvider(Protocol):
    """A provider of payments on its own pages; a town chooses one by its name.

    Every method is called outside any transaction, with a time limit. `http` is the host's client: time-outs, no
    redirects, nothing of the environment. Each raises `Later` when its system is away and `Refused` when it says no.
    """

    name: str
    title: Text

    async def begin(self, order: Order, http: httpx.AsyncClient) -> Begun:
        """Open a payment; called again with the same key, it answers the same payment."""
        ...

    async def understand(self, call: SignedCall) -> list[Report]:
        """The content of a call-back whose signature and age are valid for its town; otherwise `Refused`."""
        ...

    async def look_up(self, key: str, town: str, http: httpx.AsyncClient) -> Report | None:
        """The state of the payment with that key of ours, or None if there is none."""
        ...

    async def listed(self, town: str, since: datetime, until: datetime, http: httpx.AsyncClient) -> list[Report]:
        """Every payment of a town that was opened or changed within a period, for reconciliation."""
        ...

    async def refund(self, refund: Refund, http: httpx.AsyncClient) -> Report:
        """Give money back; called again with the same key, it gives back nothing more."""
        ...
