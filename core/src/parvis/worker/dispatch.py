"""Hands one delivery to its receiver, an event to its handler or a message to its channel, and checks the answer."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog
from msgspec import Struct, structs

from parvis import __version__, clock
from parvis.beside_worker import DeliveryLog
from parvis.http_client import ExchangeRecord, recording
from parvis.outbox import DeliveryClaim
from parvis.outbox.deliveries import CHANNEL, CONNECTOR, HEARTBEAT
from parvis.plugins import Origin, PluginRegistry
from parvis.plugins.answers import shown
from parvis.plugins.registry import module_of
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt, caught, caught_at_once
from parvis.requests.actors import Actor
from parvis.requests.applied_outcomes import News, take_effect
from parvis.requests.changing import Write
from parvis.requests.contacts import StoppedNumbers, goes_to_phones
from parvis.requests.host import Host
from parvis.requests.payloads import Beside, request_for, words_of
from parvis.requests.persons.followers import followers_named
from parvis.requests.records import Record, find, get
from parvis.requests.scope_keeper import ScopeKeeper, Search, finder_for
from parvis.worker.connections import at_hand, connection_for
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.connectors import Connector
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.errors import Refused
from parvis_sdk.events import Announced, AnyEvent, Event, MessageDue, Replied, Rescheduled
from parvis_sdk.lines import where_function_is
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import MOST_REMEMBERED, Need, Outcome, is_kept_as_json
from parvis_sdk.text import Text

NO_OUTCOME = Text(
    fr="valeur reçue\u00a0: {what}, au lieu d’un Outcome ou de rien",
    en="it returned {what} instead of an Outcome or nothing",
)
RUBBISH = Text(
    fr="l’Outcome reçu n’est pas valide\u00a0: {error}",
    en="it returned an invalid Outcome: {error}",
)
TOO_MUCH = Text(
    fr="l’Outcome reçu demande de retenir plus de {most} octets",
    en="it returned an Outcome that asks to remember more than {most} bytes",
)
NOBODY_GRANTS = Text(
    fr="Correction ou proposition refusée\u00a0: elle n’est pas autorisée dans cette ville.",
    en="Correction or proposal refused: it is not granted in this town.",
)
NO_RECEIPT = Text(
    fr="valeur reçue\u00a0: {what}, au lieu d’un accusé de réception", en="it returned {what} instead of a receipt"
)
STOPPED = Text(
    fr="la personne a répondu STOP\u00a0: rien n’est envoyé à ce numéro",
    en="the person answered STOP: nothing is sent to this number",
)
log = structlog.get_logger("parvis.worker")
HOST = Origin(name="parvis", distribution="parvis", version=__version__, built_in=True)


class Receiver(Struct, frozen=True, kw_only=True):
    """Who a delivery is for: whose code it is, the function, the module that declares it; the connector or the contact
    method if there is one."""

    origin: Origin
    function: Callable[..., Awaitable[Any]]
    module: ModuleType | None
    connector: Connector | None = None
    method: ContactMethod | None = None
    repeats: bool = True  # whether a try whose end nobody knows may be made again

    @property
    def is_of_host(self) -> bool:
        """Whether it is code of the host itself, which runs on the loop of the worker."""
        return self.module is None or is_of_host(self.module.__name__)


def is_of_host(module: str) -> bool:
    """Whether a module of that name belongs to the host itself."""
    return module.partition(".")[0] == HOST.name


class DispatchResult(Struct, frozen=True, kw_only=True):
    """What came of a delivery, what went over the wire, and the request as a connector was told of it."""

    tried: Success[Outcome] | Failure = Success(value=Outcome())
    exchanged: tuple[ExchangeRecord, ...] = ()
    request: ServiceRequest | None = None

    def log(self, host: Host, claimed: DeliveryClaim) -> tuple[Write, ...]:
        """What writes down the calls of a connector's delivery, in the transaction of its end, where a module does."""
        town = host.jurisdictions.get(self.request.jurisdiction.code) if self.request else None
        if town is None or self.request is None or not self.exchanged:
            return ()
        logs = host.modules.heard(DeliveryLog, town)
        found = [caught_at_once(partial(each.written, claimed, self.exchanged, self.request)) for each in logs]
        for each in found:
            if isinstance(each, Failure):
                log.error("the calls of a delivery are not kept", delivery=str(claimed.id), trouble=str(each))
        return tuple(each.value for each in found if isinstance(each, Success))

    def wishes(self, host: Host, claimed: DeliveryClaim, outcome: Outcome) -> tuple[Write, ...]:
        """What writes the correction and the proposals of an outcome, in the same transaction."""
        named = host.plugins.subscription(claimed.subscriber) if outcome.correct or outcome.proposals else None
        if named is None:
            return ()
        town = host.jurisdictions.get(self.request.jurisdiction.code) if self.request else None
        keepers = host.modules.heard(ScopeKeeper, town) if town else ()
        if not keepers:
            return (partial(not_kept, host, claimed),)
        event = msgspec.json.decode(claimed.event, type=AnyEvent)
        return tuple(each.kept(host, named, event, outcome) for each in keepers)


class Call(Struct, frozen=True, kw_only=True):
    """A call that is ready to be made, and the request of which it tells a connector."""

    make: Callable[[], Awaitable[Any]]
    request: ServiceRequest | None = None


def known_to(plugins: PluginRegistry) -> tuple[str, ...]:
    """The subscribers that this worker can hand something to."""
    connectors = (f"{CONNECTOR}{name}" for name in plugins.connectors)
    channels = (f"{CHANNEL}{name}" for name in plugins.channels)
    return (HEARTBEAT, *(each.name for each in plugins.subscriptions), *connectors, *channels)


def receiver_of(plugins: PluginRegistry, claimed: DeliveryClaim) -> Receiver | None:
    """Whom a delivery is for; None when no plugin of that name is installed here."""
    if claimed.is_heartbeat:
        return Receiver(origin=HOST, function=feel, module=None)
    if claimed.is_message:
        channel = plugins.channels.get(claimed.channel)
        owner = next((each for each in plugins.by_name.values() if claimed.channel in each.channels), None)
        if channel is None:
            return None
        origin = owner.origin if owner else Origin(name=claimed.channel)
        repeats = bool(getattr(channel, "repeats", True))
        method = getattr(channel, "contact_method", None)
        return Receiver(origin=origin, function=channel.send, module=module_of(channel), repeats=repeats, method=method)
    if claimed.connector:
        connector, brings = plugins.connectors.get(claimed.connector), plugins.connected_by(claimed.connector)
        if connector is None or brings is None:
            return None
        return Receiver(
            origin=brings.origin, function=connector.deliver, module=module_of(brings.module), connector=connector
        )
    subscribed = plugins.subscription(claimed.subscriber)
    if subscribed is None:
        return None
    plugin = plugins.by_name.get(subscribed.origin.name)
    module = module_of(plugin.module) if plugin else None
    return Receiver(origin=subscribed.origin, function=subscribed.subscription.handler, module=module)


async def quiet_until(host: Host, claimed: DeliveryClaim, receiver: Receiver) -> datetime | None:
    """When the quiet hours of its contact method end, in the town that a message is about; None where it may go."""
    method = receiver.method
    if method is None or method.quiet is None or not claimed.reference or message_in(claimed).urgency == "emergency":
        return None
    record = await find(host, claimed.reference)
    town = host.jurisdictions.get(record.jurisdiction) if record else None
    here = clock.now().astimezone(ZoneInfo(town.time_zone)) if town else None
    if here is None or not method.is_quiet(here.time()):
        return None
    until = here.replace(hour=method.quiet[1].hour, minute=method.quiet[1].minute, second=0, microsecond=0)
    return (until if until > here else until + timedelta(days=1)).astimezone(UTC)


async def dispatch(host: Host, claimed: DeliveryClaim, receiver: Receiver, seconds: float) -> DispatchResult:
    """Load what the receiver may know, call it outside any transaction; its answer, or how it failed."""
    ready = carry_message if claimed.is_message else carry_heartbeat if claimed.is_heartbeat else tell_event
    loaded = await caught(lambda: ready(host, claimed, receiver))
    if isinstance(loaded, Failure):
        return DispatchResult(tried=loaded)
    with recording() as exchanged:
        tried = await attempt(
            loaded.value.make,
            seconds,
            function=receiver.function,
            module=receiver.module,
            threads=host.given(PluginThreads),
        )
    if isinstance(tried, Success):
        tried = _receipt(tried.value, receiver) if claimed.is_message else outcome_of(tried.value, receiver)
    return DispatchResult(tried=tried, exchanged=tuple(exchanged), request=loaded.value.request)


async def tell_event(host: Host, claimed: DeliveryClaim, receiver: Receiver) -> Call:
    """The call of a handler with its event and with the request as its stated needs allow."""
    event = msgspec.json.decode(claimed.event, type=AnyEvent)
    record = await get(host, claimed.request)
    request = await request_told(host, claimed, record, event)
    connector = receiver.connector
    if connector is None:
        named = host.plugins.subscription(claimed.subscriber)
        if named is None or not named.subscription.is_granted_apart:
            return Call(make=lambda: receiver.function(event, request))
        search = Search(name=named.name, noun=named.subscription, town=record.jurisdiction, besides=record.id)
        finder = finder_for(host, search)
        return Call(make=lambda: named.subscription.told(event, request, finder), request=request)
    lent = await connection_for(host, connector, record, request)
    return Call(make=lambda: receiver.function(event, request, at_hand(host, connector, lent)), request=request)


async def not_kept(host: Host, claimed: DeliveryClaim) -> None:
    """Inside a transaction: the desk reads that something was wished for which nobody here grants."""
    actor = Actor(kind="plugin", id=claimed.plugin, name=claimed.plugin)
    await take_effect(host, claimed.reference, actor, News(note=NOBODY_GRANTS))


async def request_told(
    host: Host, claimed: DeliveryClaim, record: Record, event: Event, beside: Beside | None = None
) -> ServiceRequest:
    """The request as it stands now; the text of a reply stays out of the outbox and is fetched here."""
    needs = needs_of(host.plugins, claimed)
    request = await request_for(host, record, needs, remembered_by=claimed.plugin, beside=beside)
    if isinstance(event, Replied | Rescheduled) and "contact" in needs:
        return structs.replace(request, words=await words_of(record, event.entry))
    if isinstance(event, Announced) and event.followers and "followers" in needs:
        return structs.replace(request, followers=await followers_named(host, record, event.followers))
    return request


def needs_of(plugins: PluginRegistry, claimed: DeliveryClaim) -> tuple[Need, ...]:
    """What the subscriber says that it needs to know."""
    if claimed.connector:
        connector = plugins.connectors.get(claimed.connector)
        return connector.needs if connector else ()
    subscribed = plugins.subscription(claimed.subscriber)
    return subscribed.subscription.needs if subscribed else ()


async def feel() -> None:
    """Nothing is to be done with a heartbeat: that it was carried is all."""


async def carry_heartbeat(host: Host, claimed: DeliveryClaim, receiver: Receiver) -> Call:
    """The call of nothing."""
    return Call(make=receiver.function)


async def carry_message(host: Host, claimed: DeliveryClaim, receiver: Receiver) -> Call:
    """The call of a channel with its message; none where its person has answered STOP to one."""
    message = message_in(claimed)
    to_a_phone = receiver.method is not None and goes_to_phones(receiver.method)
    if to_a_phone and not _due(claimed).even_stopped and await host.of(StoppedNumbers).among((message.to,)):
        raise Refused(STOPPED)
    return Call(make=lambda: receiver.function(message))


def message_in(claimed: DeliveryClaim) -> OutgoingMessage:
    """The message that a delivery carries."""
    return msgspec.convert(_due(claimed).message, OutgoingMessage)


def _due(claimed: DeliveryClaim) -> MessageDue:
    return msgspec.json.decode(claimed.event, type=MessageDue)


def outcome_of(answer: Any, receiver: Receiver) -> Success[Outcome] | Failure:
    """The outcome as JSON would carry it, so that rubbish in any part of it is found here and not in the database."""
    if answer is None:
        return Success(value=Outcome())
    if not isinstance(answer, Outcome):
        return _rubbish(NO_OUTCOME.format(what=shown(answer)), receiver)
    try:
        outcome = msgspec.json.decode(msgspec.json.encode(answer), type=Outcome)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        return _rubbish(RUBBISH.format(error=error), receiver)
    if not is_kept_as_json(outcome.remember):
        return _rubbish(TOO_MUCH.format(most=MOST_REMEMBERED), receiver)
    return Success(value=outcome)


def _receipt(answer: Any, receiver: Receiver) -> Success[Outcome] | Failure:
    if answer is not None and not isinstance(answer, str):
        return _rubbish(NO_RECEIPT.format(what=shown(answer)), receiver)
    return Success(value=Outcome(external_reference=answer or ""))


def _rubbish(what: Text, receiver: Receiver) -> Failure:
    return Failure(kind="broken", what=what, where=where_function_is(receiver.function, receiver.module))
