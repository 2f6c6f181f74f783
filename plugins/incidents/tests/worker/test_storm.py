"""A small storm: many report at once while another system is down; nothing is lost, each person is told once."""

import asyncio
from collections import Counter
from dataclasses import replace
from types import ModuleType

import pytest
from msgspec import structs

from parvis import clock
from parvis.deployment import built_in_plugins, found_inside, plugins_of
from parvis.identifiers import new_id
from parvis.outbox.letters import letters
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import Actor
from parvis.requests.declarations import Declarations
from parvis.requests.lifecycle import make_move
from parvis.requests.offered import TypesInTowns
from parvis.requests.request_service import RequestService
from parvis.worker import Relay
from parvis_incidents.attaching import attach_due
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.tables import IncidentRequest, IncidentTold
from parvis_incidents.telling import announce_word
from parvis_sdk.errors import Later
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.problems import Problems
from parvis_sdk.subscriptions import on
from parvis_sdk.text import Text
from parvis_testing.town import HOLE, plugin_of

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
PEOPLE, REPORTS, AT_ONCE = 25, 60, 6
TITLE, WORDS = Text(fr="Tempête", en="Storm"), Text(fr="Les équipes sont sorties.", en="Crews are out.")


class Crews:
    """Another system, which is away or takes what it is told."""

    def __init__(self) -> None:
        self.away = True
        self.heard: list[tuple[str, str]] = []

    def plugin(self) -> ModuleType:
        module, outer = ModuleType("crews_plugin"), self

        @on(Submitted, Moved)
        async def crews(event, request):
            if outer.away:
                raise Later("it is away")
            outer.heard.append((event.reference, "submitted" if isinstance(event, Submitted) else "moved"))

        @hookimpl
        def subscriptions():
            return [crews]

        module.subscriptions = subscriptions
        return module


@pytest.fixture
def crews() -> Crews:
    return Crews()


@pytest.fixture
def stormy(town, modules, crews):
    """The town with what is built in, whose mail goes to a mailbox, and with a system that is away."""
    built_in = [found_inside(name, module) for name, module in built_in_plugins().items()] + [*plugins_of(modules)]
    found = [*built_in, DiscoveredPlugin.of("town", plugin_of(HOLE)), DiscoveredPlugin.of("crews", crews.plugin())]
    plugins = load_plugins(found, settings_from({"notify": {"mode": "mailbox"}}, {}))
    assert not plugins.troubles, plugins.troubles
    parvis = structs.replace(town.host.jurisdictions.jurisdiction("parvis"), plugins=None)
    jurisdictions = structs.replace(town.host.jurisdictions, by_code={"parvis": parvis})
    host = replace(
        town.host.without(Declarations, TypesInTowns, Bulletin), plugins=plugins, jurisdictions=jurisdictions
    )
    return replace(town, host=host, counter=RequestService(host))


async def report(town, number: int) -> str:
    who = {"mode": "named", "name": "Résident", "email": f"resident{number % PEOPLE}@exemple.ca"}
    receipt = await town.submit(requester=who)
    assert not isinstance(receipt, Problems)
    return receipt.reference


async def reports(town, numbers) -> list[str]:
    """All of them, several at a time as people send them."""
    left, made = iter(numbers), list[str]()

    async def person() -> None:
        for number in left:
            made.append(await report(town, number))

    await asyncio.gather(*(person() for _ in range(AT_ONCE)))
    return made


async def test_nothing_is_lost_and_each_person_hears_each_word_once(stormy, crews):
    host = stormy.host
    relay = Relay(host, luck=lambda: 0.0)
    with clock.moved_to(clock.now()) as moved:
        before = await reports(stormy, range(REPORTS // 3))
        raw = {"language": "fr", "answers": {"what": "storm"}, "requester": {"mode": "anonymous"}}
        incident = (
            await stormy.counter.submit("parvis", "incident", raw, channel="counter", actor=ANA, declares=True)
        ).reference
        record = await stormy.record(incident)
        during = asyncio.create_task(reports(stormy, range(REPORTS // 3, REPORTS)))
        await host.of(Bulletin).look(host.jurisdictions)  # some had come in before this process knew
        await attach_due(host)
        word = await announce_word(host, record, new_id(), TITLE, WORDS, actor=ANA)
        made = [*before, *await during]
        await attach_due(host)
        assert len(set(made)) == REPORTS
        assert await IncidentRequest.count().where(IncidentRequest.state == "in") == REPORTS
        assert await IncidentTold.count().where(IncidentTold.word == word.id) == PEOPLE
        for reference in made[:5]:
            await make_move(host, reference, "start", {}, actor=ANA, mover="agent")

        await relay.drain()
        moved.forward(minutes=90)
        await relay.drain()
        assert crews.heard == []
        told = Counter(each.to for each in await letters(limit=1000) if each.subject == "Tempête")
        assert told == {f"resident{number}@exemple.ca": 1 for number in range(PEOPLE)}

        crews.away = False
        for _ in range(12):  # as patience has it, some wait longer than others
            moved.forward(hours=1)
            await relay.drain()
    assert Counter(reference for reference, what in crews.heard if what == "submitted") == {
        reference: 1 for reference in [*made, incident]
    }
    for reference in made[:5]:
        assert [what for about, what in crews.heard if about == reference] == ["submitted", "moved"]
