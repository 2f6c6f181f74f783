"""Calls to a connector outside any delivery: its time limit, failures as values; checks and trials."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from parvis.db import HouseRuleBroken, in_transaction, transaction
from parvis.http_client import recording
from parvis.plugins.registry import module_of
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt, caught
from parvis.requests.host import Host
from parvis.worker.connections import at_hand, connection_for
from parvis_connectors.exchanges import Purpose, keep, rows_for
from parvis_sdk.connectors import Check, Checked, Connection, Connector, Trial
from parvis_sdk.text import Text

Answer = TypeVar("Answer")


async def asked(
    host: Host,
    connector: Connector,
    purpose: Purpose,
    call: Callable[[Connection], Awaitable[Answer]],
    *,
    is_nothing: Callable[[Answer], bool] = lambda answer: False,
    seconds: float = 0.0,
) -> Success[Answer] | Failure:
    """What the connector answers, or how it failed; what went over the wire is kept for operators.

    An answer that `is_nothing`, such as a poll without news, leaves no trace: there are too many of them. It has the
    `seconds` of the connector, or these.
    """
    if in_transaction(host.engine):
        raise HouseRuleBroken("a connector is asked inside a unit of work")
    lent = await caught(lambda: connection_for(host, connector))
    if isinstance(lent, Failure):
        return lent
    plugin = host.plugins.connected_by(connector.name)
    module = module_of(plugin.module) if plugin else None
    with recording() as exchanged:
        tried = await attempt(
            lambda: call(at_hand(host, connector, lent.value)),
            seconds or connector.pace.seconds,
            function=call,
            module=module,
            threads=host.given(PluginThreads),
        )
    if exchanged and not (isinstance(tried, Success) and is_nothing(tried.value)):
        async with transaction(host.engine):
            await keep(rows_for(connector.name, purpose, exchanged))
    return tried


NO_TRIAL = Text(fr="ce connecteur n’offre pas d’essai", en="this connector has no test")
NO_CHECK = Text(fr="Ce connecteur n’offre pas de vérification.", en="This connector has no check.")
FAILED = Text(fr="La vérification n’a pas abouti\u00a0: {what}", en="The check could not be completed: {what}")


async def check(host: Host, connector: Connector) -> tuple[Checked, ...]:
    """The answers of the connector, and what the host saw itself."""
    if connector.check is None:
        return (Checked(code="settings", ok=True, said=NO_CHECK),)
    wanted: Check = connector.check
    tried = await asked(host, connector, "check", lambda connection: wanted(connection))
    if isinstance(tried, Failure):
        return (Checked(code="reachable", ok=False, said=FAILED.format(what=tried.what)),)
    return tuple(tried.value)


async def try_out(host: Host, connector: Connector) -> str | Failure:
    """Send something harmless; what came back, or how it failed."""
    if connector.trial is None:
        return Failure(kind="refused", what=NO_TRIAL)
    wanted: Trial = connector.trial
    tried = await asked(host, connector, "trial", lambda connection: wanted(connection))
    return tried if isinstance(tried, Failure) else str(tried.value)[:2000]
