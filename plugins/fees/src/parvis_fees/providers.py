"""Asking a payment provider: outside any transaction, within a time limit, and not while it rests after failures."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx
import structlog

from parvis import clock
from parvis.db import HouseRuleBroken, in_transaction
from parvis.http_client import client
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt
from parvis.requests.host import Host
from parvis.requests.locating import Circuits
from parvis_fees.town_tariffs import PAYMENT
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.text import Text

LIMIT = 12.0  # seconds that a person waits for a payment page
STEP = 8.0  # seconds that each step of one call over HTTP is given
RESTS = Text(
    fr="il n’est plus appelé pour un moment, après plusieurs échecs",
    en="it is not called for a while, after several failures",
)
log = structlog.get_logger("parvis.payments")
Answer = TypeVar("Answer")
Asking = Callable[[httpx.AsyncClient], Awaitable[Answer]]


class PaymentCircuits(Circuits):
    """How each payment provider has been doing in this process."""


@dataclass(frozen=True)
class PaymentClient:
    """How payment providers reach their systems, within so many seconds for each step."""

    make: Callable[[float], httpx.AsyncClient] = client


def provider_of(host: Host, town: Jurisdiction) -> PaymentProvider | None:
    """Where this town is paid online, if it is."""
    return host.plugins.payments.get(PAYMENT.of(town).provider)


async def asked(
    host: Host, provider: PaymentProvider, asking: Asking[Answer], limit: float = LIMIT
) -> Answer | Failure:
    """What the provider answers to one question, or how it failed."""
    if in_transaction(host.engine):
        raise HouseRuleBroken("a payment provider is asked inside a unit of work")
    now = clock.now()
    if host.of(PaymentCircuits).is_open(provider.name, now):
        return Failure(kind="later", what=RESTS)

    async def call() -> Answer:
        async with host.of(PaymentClient).make(STEP) as http:
            return await asking(http)

    tried = await attempt(call, limit, function=type(provider), threads=host.given(PluginThreads))
    if isinstance(tried, Success):
        host.of(PaymentCircuits).worked(provider.name)
        return tried.value
    if tried.kind == "refused":  # it is there, and says no
        host.of(PaymentCircuits).worked(provider.name)
    else:
        host.of(PaymentCircuits).failed(provider.name, now)
    log.warning("payment provider", name=provider.name, trouble=str(tried), where=tried.where)
    return tried
