"""Asking a payment provider: outside any transaction, within a time limit, and not while it rests after failures."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import structlog

from parvis import clock
from parvis.db import HouseRuleBroken, in_unit
from parvis.house.trying import Done, Failure, attempt
from parvis.requests.heart import Heart
from parvis.territory import Jurisdiction
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.text import Text

LIMIT = 12.0  # seconds that a person waits for a payment page
STEP = 8.0  # seconds that each step of one call over HTTP is given
RESTS = Text(
    fr="il est laissé tranquille un moment après plusieurs échecs",
    en="it is left alone for a moment after several failures",
)
log = structlog.get_logger("parvis.payments")
Answer = TypeVar("Answer")
Asking = Callable[[httpx.AsyncClient], Awaitable[Answer]]


def provider_of(heart: Heart, town: Jurisdiction) -> PaymentProvider | None:
    """Where this town is paid online, if it is."""
    return heart.house.payments.get(town.payment.provider) if town.payment.provider else None


async def asked(
    heart: Heart, provider: PaymentProvider, asking: Asking[Answer], limit: float = LIMIT
) -> Answer | Failure:
    """What the provider answers to one question, or how it failed."""
    if in_unit(heart.engine):
        raise HouseRuleBroken("a payment provider is asked inside a unit of work")
    now = clock.now()
    if heart.paying.is_open(provider.name, now):
        return Failure(kind="later", what=RESTS)

    async def call() -> Answer:
        async with heart.client(STEP) as http:
            return await asking(http)

    tried = await attempt(call, limit, function=type(provider), threads=heart.threads)
    if isinstance(tried, Done):
        heart.paying.worked(provider.name)
        return tried.value
    if tried.kind == "refused":  # it is there, and says no
        heart.paying.worked(provider.name)
    else:
        heart.paying.failed(provider.name, now)
    log.warning("payment provider", name=provider.name, trouble=str(tried), where=tried.where)
    return tried
