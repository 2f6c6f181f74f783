"""What comes back is ours: an order or an invoice is kept, and written into, only where it bears the key that was sent.

Everything else is somebody else's, however friendly the answer: `Foreign` is raised before anything is written there.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from parvis_erp_connector import mapping
from parvis_erp_connector.port import Erp, Invoice, Order, Work
from parvis_sdk.errors import Foreign, must_fit

Record = TypeVar("Record", Order, Invoice)


def about(key: str, order: Order) -> Order:
    """The order, if it bears this key of ours, with or without other words behind it."""
    bears = order.key.startswith(key) and not order.key[len(key) : len(key) + 1].strip()
    must_fit(key, key if bears else order.key, order.number)
    return order


def all_about(key: str, orders: Iterable[Order]) -> list[Order]:
    """The orders with this key; those of another time of the same request are left out."""
    return [about(key, each) for each in orders if not _is_of_another_time(key, each)]


async def order_of(erp: Erp, work: Work, id: str, key: str) -> Order | None:
    """The order with this id as it stands there, if it is the one with this key; None where there is none."""
    order = await erp.order(work, id)
    if order is None:
        return None
    return about(key, with_id(id, order))


async def made(erp: Erp, work: Work, values: Mapping[str, Any], key: str) -> Order:
    """A new order. An answer that does not say whose it is, is asked for by the key."""
    order = await erp.make_order(work, values)
    if order.key:
        return about(key, order)
    there = all_about(key, await erp.orders(work, key))
    if not there:
        raise Foreign(key, number=order.number)
    return there[0]


def with_id(id: str, record: Record) -> Record:
    """The record, if it is the one that was asked for by this id."""
    must_fit(id.lower(), record.id.lower(), record.number)
    return record


def billed(key: str, invoice: Invoice, id: str = "") -> Invoice:
    """The invoice, if it bears this key of a charge, and this id where it has one already."""
    must_fit(key, invoice.key, invoice.number)
    must_fit(id or invoice.id, invoice.id, invoice.number)
    return invoice


def _is_of_another_time(key: str, order: Order) -> bool:
    ours = mapping.reference_in(key)
    return bool(ours) and mapping.reference_in(order.key) == ours and mapping.key_in(order.key) != key
