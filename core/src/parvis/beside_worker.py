"""What modules do beside the worker: rounds, a log of deliveries, what a wrong clock put off."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct

from parvis.http_client import ExchangeRecord
from parvis.outbox import DeliveryClaim
from parvis.outbox.clock_watch import PutRight
from parvis.requests.changing import Write
from parvis.requests.host import Host
from parvis_sdk.requests import ServiceRequest


class WorkerRound(Struct, frozen=True, kw_only=True):
    """What each worker goes on with until it is told to stop: its name is given to `run`, which ends soon after.

    It is begun wherever the module is installed, on or off: what it looks at each time says where there is work.
    """

    run: Callable[[Host, str, asyncio.Event], Awaitable[None]]


class DeliveryLog(Struct, frozen=True, kw_only=True):
    """Who keeps what went over the wire for a delivery: `written` answers what writes it in the transaction of its end.

    It is asked in the towns that have the module, with the request as it was handed over.
    """

    written: Callable[[DeliveryClaim, Sequence[ExchangeRecord], ServiceRequest], Write]


class ClockReturn(Struct, frozen=True, kw_only=True):
    """Inside a transaction, once the clock is trusted again: `put_right` makes due now what is due after `late`."""

    put_right: PutRight
