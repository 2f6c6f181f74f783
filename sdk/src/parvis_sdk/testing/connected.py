"""What the contract asks of connectors: the same event twice, and every weather."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import httpx
from msgspec import structs

from parvis_sdk.connectors import Connection, Connector
from parvis_sdk.events import Event
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, Owed, OwedItem, ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.desk import MORNING
from parvis_sdk.testing.rehearsal import Rehearsed, files_of, rehearse, seen_through
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.testing.weathers import WEATHERS, Weather
from parvis_sdk.text import Text

AT_ONCE = 4
CALM = Weather(code="calm", what="all is well")
PICTURE = Attachment(id="file-1", name="trottoir.png", kind="image/png", size=19)
FEE = OwedItem(code="base", title=Text(fr="Droits", en="Fee"), cents=15_000)
CHARGE = Owed(id="charge-1", fee="base", title=FEE.title, state="due", cents=FEE.cents, items=(FEE,))
Told = tuple[RequestType, Event, ServiceRequest]


def served(connector: Connector, types: Iterable[RequestType]) -> tuple[RequestType, ...]:
    """The types that a connector is told of: of those declared here, or a sample under each code that it names."""
    ours = tuple(kind for kind in types if connector.serves(kind.code))
    return ours or tuple(structs.replace(SAMPLE, code=code) for code in connector.types) or (SAMPLE,)


def furnished(case: Case) -> Case:
    """The case with a picture and a charge, for those who need them."""
    case.files.setdefault(PICTURE.id, PICTURE)
    case.charges.append(CHARGE)
    return case


async def mistakes_of_weather(connector: Connector, told: Iterable[Told]) -> list[str]:
    """What goes wrong in each weather with the first event of each sort; nothing asked at all is a mistake as well."""
    firsts = {(kind.code, type(event)): (event, request) for kind, event, request in reversed(list(told))}
    room = asyncio.Semaphore(AT_ONCE)

    async def one(event: Event, request: ServiceRequest, weather: Weather) -> tuple[Event, Rehearsed]:
        async with room:
            return event, await rehearse(connector, event, request, weather, now=MORNING)

    tries = [one(*each, weather) for each in reversed(list(firsts.values())) for weather in WEATHERS]
    played = await asyncio.gather(*tries)
    found = [f"{connector.name} · {event.id} · {each.mistake}" for event, each in played if each.mistake]
    if not any(each.calls for _, each in played):
        events = ", ".join(dict.fromkeys(event.id for event, _ in played)) or "no event at all"
        found.append(f"{connector.name} asked its system nothing on {events}: let samples() answer what it is told of")
    return found


async def mistakes_of_twice(
    connector: Connector, told: Iterable[Told], other_system: Callable[[Connector], httpx.AsyncBaseTransport]
) -> list[str]:
    """What goes wrong when an event comes twice, its first answer lost: each time an answer, and the same number."""
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
