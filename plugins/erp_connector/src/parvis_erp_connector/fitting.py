"""What comes back is ours: an order or an invoice is kept, and written into, only where it bears the key that was sent.

Everything else is somebody else's, however friendly the answer: `Foreign` is raised before anything is written there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from parvis_erp_connector import mapping
from parvis_erp_connector.port import Erp, Invoice, Order, Work
from parvis_sdk.errors import Foreign, must_fit

Record = TypeVar("Record", Order, Invoice)


def about(key: str, order: Order) -> Order:
    """The order, if it bears this key of ours, with or without other words behind it."""
    must_fit(key, key if _bears(key, order.key) else order.key, order.number)
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
    """A new order. An answer that does not say whose it is, or which one, is asked for by the key."""
    order = await erp.make_order(work, values)
    if order.key and about(key, order).id:
        return order
    there = all_about(key, await erp.orders(work, key))
    if not there:
        raise Foreign(key, number=order.number)
    return there[0]


async def changed(erp: Erp, work: Work, order: Order, values: Mapping[str, Any], key: str) -> None:
    """Write into an order with this key. An answer that does not say that it is about it, is asked for by the id."""
    key = _key_after(work, key, values)
    said = await erp.change_order(work, order, values)
    if said is not None and said.id:
        with_id(order.id, said)
    if said is not None and said.key:
        about(key, said)
    if said is not None and said.id and said.key:
        return
    if await order_of(erp, work, order.id, key) is None:
        raise Foreign(key, number=order.number)


def with_id(id: str, record: Record) -> Record:
    """The record, if it is the one that was asked for by this id."""
    must_fit(id.lower(), record.id.lower(), record.number)
    return record


def row_with_id(id: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one row that was asked for by this id."""
    row: Mapping[str, Any] = rows[0] if len(rows) == 1 else {}
    must_fit(id, str(row.get("id", "")))
    return row


async def invoice_of(erp: Erp, id: str, key: str) -> Invoice:
    """The invoice with this id as it stands there, if it is that of the charge with this key."""
    return billed(key, await erp.invoice(id), id)


def billed(key: str, invoice: Invoice, id: str = "") -> Invoice:
    """The invoice, if it bears this key of a charge, and this id where it has one already."""
    must_fit(key, invoice.key, invoice.number)
    must_fit(id or invoice.id, invoice.id, invoice.number)
    return invoice


def _bears(key: str, words: str) -> bool:
    """Whether words begin with a whole key."""
    return words.startswith(key) and not words[len(key) : len(key) + 1].strip()


def _key_after(work: Work, key: str, values: Mapping[str, Any]) -> str:
    """The key of an order once these values are written: another one where they hand it over to another request."""
    if work.key not in values:
        return key
    written = str(values[work.key] or "")
    return key if _bears(key, written) else mapping.key_in(written) or written


def _is_of_another_time(key: str, order: Order) -> bool:
    ours = mapping.reference_in(key)
    return bool(ours) and mapping.reference_in(order.key) == ours and mapping.key_in(order.key) != key
