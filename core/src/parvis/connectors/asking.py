"""Asking a connector something outside any delivery: with its time limit, with every failure as a value, and logged."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from parvis.connectors.exchanges import Purpose, keep, rows_for
from parvis.connectors.lending import at_hand, connection_for
from parvis.db import HouseRuleBroken, in_transaction, transaction
from parvis.http_client import recording
from parvis.plugins.registry import module_of
from parvis.plugins.trying import Failure, Success, attempt, caught
from parvis.requests.heart import Heart
from parvis_sdk.connectors import Connection, Connector

Answer = TypeVar("Answer")


async def asked(
    heart: Heart,
    connector: Connector,
    purpose: Purpose,
    call: Callable[[Connection], Awaitable[Answer]],
    *,
    is_nothing: Callable[[Answer], bool] = lambda answer: False,
) -> Success[Answer] | Failure:
    """What the connector answers, or how it failed; what went over the wire is kept for operators.

    An answer that `is_nothing`, such as a poll without news, leaves no trace: there are too many of them.
    """
    if in_transaction(heart.engine):
        raise HouseRuleBroken("a connector is asked inside a unit of work")
    lent = await caught(lambda: connection_for(heart, connector))
    if isinstance(lent, Failure):
        return lent
    plugin = heart.house.connected_by(connector.name)
    module = module_of(plugin.module) if plugin else None
    with recording() as exchanged:
        tried = await attempt(
            lambda: call(at_hand(heart, connector, lent.value)),
            connector.pace.seconds,
            function=call,
            module=module,
            threads=heart.threads,
        )
    if exchanged and not (isinstance(tried, Success) and is_nothing(tried.value)):
        async with transaction(heart.engine):
            await keep(rows_for(connector.name, purpose, exchanged))
    return tried
