"""The contract's tests of connectors: the same event twice, and every weather."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial

import httpx
from msgspec import structs

from parvis_sdk.connectors import Connection, Connector
from parvis_sdk.events import Erased, Event, Resent
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, Owed, OwedItem, ServiceRequest, Town
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.testing.cases import view
from parvis_sdk.testing.happenings import case_of
from parvis_sdk.testing.rehearsal import Rehearsed, files_of, rehearse, seen_through
from parvis_sdk.testing.samples import SAMPLE, events_for
from parvis_sdk.testing.somebody_else import OUR_CHARGE, SomebodyElse, taken
from parvis_sdk.testing.town import MORNING, TOWN
from parvis_sdk.testing.weathers import WEATHERS, Weather
from parvis_sdk.text import Text

AT_ONCE = 4
CALM = Weather(code="calm", what="all is well")
PICTURE = Attachment(id="file-1", name="trottoir.png", kind="image/png", size=19)
FEE = OwedItem(code="base", title=Text(fr="Droits", en="Fee"), cents=15_000)
CHARGE = Owed(id=OUR_CHARGE, fee="base", title=FEE.title, state="due", cents=FEE.cents, items=(FEE,))
Told = tuple[RequestType, Event, ServiceRequest]


def served(connector: Connector, types: Iterable[RequestType]) -> tuple[RequestType, ...]:
    """The types whose events a connector receives: declared ones, or a sample for each code that it names."""
    ours = tuple(request_type for request_type in types if connector.serves(request_type.code))
    return ours or tuple(structs.replace(SAMPLE, code=code) for code in connector.types) or (SAMPLE,)


def told_of(connector: Connector, request_types: Iterable[RequestType], town: Town = TOWN) -> Iterator[Told]:
    """The events of requests of these types that a connector subscribes to, with a picture and a charge if needed."""
    for request_type in request_types:
        case = case_of(request_type)
        case.files.setdefault(PICTURE.id, PICTURE)
        case.charges.append(CHARGE)
        request = view(case, town, connector.needs)
        for event in events_for(request_type, case.reference, MORNING):
            if connector.wants(event, request_type.code, town.code):
                yield request_type, event, request


def first_of_each(told: Iterable[Told]) -> tuple[Told, ...]:
    """The first event of each kind for each type."""
    firsts = {
        (request_type.code, type(event)): (request_type, event, request)
        for request_type, event, request in reversed(list(told))
    }
    return tuple(reversed(list(firsts.values())))


async def mistakes_of_weather(connector: Connector, told: Iterable[Told]) -> list[str]:
    """Mistakes in each weather with the first event of each kind; making no call at all is one too."""
    firsts = first_of_each(told)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(event: Event, request: ServiceRequest, weather: Weather) -> tuple[Event, Rehearsed]:
        async with room:
            return event, await rehearse(connector, event, request, weather, now=MORNING)

    tries = [one(event, request, weather) for _, event, request in firsts for weather in WEATHERS]
    played = await asyncio.gather(*tries)
    found = [f"{connector.name} · {event.id} · {each.mistake}" for event, each in played if each.mistake]
    if connector.events and not any(each.calls for _, each in played):
        events = ", ".join(dict.fromkeys(event.id for event, _ in played)) or "no event at all"
        found.append(f"{connector.name} asked its system nothing on {events}: let samples() answer what it is told of")
    return found


async def mistakes_of_twice(
    connector: Connector, told: Iterable[Told], other_system: Callable[[Connector], httpx.AsyncBaseTransport]
) -> list[str]:
    """Mistakes when an event comes twice after a lost answer: both must be answered with the same number."""
    found = []
    for _, event, request in told:
        async with httpx.AsyncClient(transport=other_system(connector)) as http:
            lent = Connection(http=http, now=MORNING, content=files_of(request))

            def deliver(
                event: Event = event, request: ServiceRequest = request, lent: Connection = lent
            ) -> Awaitable[Outcome | None]:
                return connector.deliver(event, request, lent)

            both = [
                Rehearsed(weather=CALM, **await seen_through(connector, deliver, connector.pace.seconds))
                for _ in range(2)
            ]
        found += [f"{connector.name} · {event.id} · {each.mistake}" for each in both if each.mistake]
        first, again = (each.outcome.external_reference if each.outcome else "" for each in both)
        if first and first != again:
            found.append(f"{connector.name} · {event.id} · told twice, it made {first!r} and then {again!r}")
    return found


async def mistakes_of_somebody_else(
    connector: Connector, told: Iterable[Told], other_system: Callable[[Connector], httpx.AsyncBaseTransport]
) -> list[str]:
    """What a connector wrongly stores from an answer about another record, on creation and on change.

    The last time what it reads is about our request, and only the answer to its change is not.
    """
    found = []
    for _, event, request in told:
        for made_before, only_changes in ((False, False), (True, False), (True, True)):
            wire = SomebodyElse(other_system(connector), request)
            async with httpx.AsyncClient(transport=wire) as http:
                asked, heard = request, event
                if made_before and not isinstance(event, Erased):
                    asked = await _made_before(connector, event, request, http)
                    heard = Resent(id=f"{event.id}-again", reference=event.reference, at=event.at, actor=event.actor)
                wire.mixes, wire.only_changes = True, only_changes
                lent = Connection(http=http, now=MORNING, content=files_of(asked))
                became = await seen_through(
                    connector, partial(connector.deliver, heard, asked, lent), connector.pace.seconds
                )
            played = Rehearsed(weather=CALM, **became)
            said = f"{connector.name} · {event.id} · answers about somebody else"
            if played.mistake:
                found.append(f"{said} · {played.mistake}")
            elif wire.mixed and kept_of_a_stranger(asked, played.outcome):
                found.append(f"{said} · it took them for its own: compare the key in each answer with the one sent")
            elif wire.mixed and only_changes and played.became == "done":
                found.append(f"{said} · it took its change for done: compare the key in the answer to a change as well")
    return found


async def _made_before(
    connector: Connector, event: Event, request: ServiceRequest, http: httpx.AsyncClient
) -> ServiceRequest:
    """The request with what its connector keeps of it, once it was told of the event and all was well."""
    lent = Connection(http=http, now=MORNING, content=files_of(request))
    became = await seen_through(connector, partial(connector.deliver, event, request, lent), connector.pace.seconds)
    outcome = became.get("outcome") or Outcome()
    number = {connector.name: outcome.external_reference} if outcome.external_reference else {}
    return structs.replace(
        request,
        remembered={**request.remembered, **outcome.remember},
        external_references={**request.external_references, **number},
    )


def kept_of_a_stranger(request: ServiceRequest, outcome: Outcome | None) -> bool:
    """Whether an outcome names the other record, or a number that the request did not have before."""
    if outcome is None:
        return False
    known = request.external_references.values()
    return taken(outcome) or (bool(outcome.external_reference) and outcome.external_reference not in known)
