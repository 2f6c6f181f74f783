"""A test module with its own kind of part, public hearings, and types that use it."""

import dataclasses
import sys
from types import ModuleType

import msgspec
import pytest

from parvis.modules import NO_MODULES, Module, ModuleRegistry, registry_of
from parvis.requests.declarations import Declarations
from parvis.requests.host import Host
from parvis.requests.offered import TypesInTowns
from parvis.requests.parts.part_kinds import Effects, PartKind, about
from parvis.switches import Switchboard
from parvis_sdk.forms import Form
from parvis_sdk.parts import Fact, Part
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow
from parvis_testing.town import HOLE, said


class Hearing(Part, frozen=True, kw_only=True, omit_defaults=True, tag="hearing"):
    """A public hearing that is announced, and then held."""

    FACTS = {
        "announced": Fact(title=said("Audience annoncée", "Hearing announced"), brought=True),
        "held": Fact(title=said("Audience tenue", "Hearing held"), brought=True),
    }
    days: int = 15
    notice: Text | None = None
    rooms: tuple[str, ...] = ()
    rounds: tuple[dict[str, int], ...] = ()


STATES = (
    State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
    State(code="heard", title=said("Entendue"), phase=Phase.DECIDED),
    State(code="closed", title=said("Close"), phase=Phase.CLOSED),
)
MOVES = (
    Transition(
        code="announce",
        title=said("Annoncer"),
        sources=("received",),
        target="received",
        brings=("hearing.public.announced",),
    ),
    Transition(
        code="decide",
        title=said("Décider", "Decide"),
        sources=("received",),
        target="heard",
        needs=("hearing.public.announced",),
    ),
    Transition(code="close", title=said("Fermer"), sources=("heard", "received"), target="closed"),
    Transition(code="reopen", title=said("Rouvrir"), sources=("closed",), target="received"),
)
TITLE = said("Audience publique", "Public hearing")
ZONING = RequestType(
    code="zoning",
    title=said("Zonage", "Zoning"),
    summary=said("Changer le zonage", "Change the zoning"),
    slug=said("zonage"),
    theme=HOLE.theme,
    form=Form(),
    workflow=Workflow(states=STATES, transitions=MOVES),
    retention=Retention(days=365),
    parts=(Hearing(code="public", title=TITLE, days=20),),
)
LENIENT = msgspec.structs.replace(
    ZONING, code="lenient", slug=said("souple"), optional=("hearing",), title=said("Souple", "Lenient")
)


@pytest.fixture
def hearings(monkeypatch):
    """The registry of a module that handles hearings in a dictionary."""
    announced: dict[str, str] = {}

    async def bring(bringing, part, word):
        async def write() -> None:
            announced[str(bringing.here.record.id)] = word

        return Effects(writes=(write,), facts=about(part, word))

    async def standing(record, request_type):
        word = announced.get(str(record.id))
        return frozenset(part.fact(word) for part in request_type.of(Hearing) if word)

    async def forget(request):
        announced.pop(str(request), None)

    module = ModuleType("parvis_hearings_parts")
    module.PART_KINDS = (PartKind(noun=Hearing, bring=bring, standing=standing, forget=forget, title=TITLE),)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    brought = Module(name="hearings", title=said("Audiences"), summary=said("Audiences"), part_kinds=module.__name__)
    return registry_of([brought])


def switched(host: Host, registry: ModuleRegistry, *names: str) -> Host:
    """A host with these modules, of which those named are on in its town."""
    parvis = msgspec.structs.replace(host.jurisdictions.jurisdiction("parvis"), modules=names)
    towns = host.jurisdictions.by_code | {"parvis": parvis}
    jurisdictions = msgspec.structs.replace(host.jurisdictions, by_code=towns)
    return dataclasses.replace(host, modules=Switchboard(registry), jurisdictions=jurisdictions)


def as_decided(host: Host, registry: ModuleRegistry) -> Host:
    """A host with these modules, whose operators decide which are on."""
    host = switched(host, registry)
    parvis = msgspec.structs.replace(host.jurisdictions.jurisdiction("parvis"), modules=None)
    towns = host.jurisdictions.by_code | {"parvis": parvis}
    return dataclasses.replace(host, jurisdictions=msgspec.structs.replace(host.jurisdictions, by_code=towns))


def without_module(host: Host) -> Host:
    """A host from which the module was uninstalled."""
    return switched(host.without(Declarations, TypesInTowns), NO_MODULES)
