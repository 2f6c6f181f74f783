"""Which modules are on in which town: what its file says, or else the last decision about each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import structlog
from msgspec import Struct

from parvis import clock
from parvis.db.tables import ModuleSwitch
from parvis.declared import Noun, declared
from parvis.jurisdictions import Jurisdiction
from parvis.modules import NO_MODULES, InstalledModule, KeyScope, ModuleRegistry
from parvis_sdk.text import Text

State = Literal["on", "closing", "off"]
STATES: tuple[State, ...] = ("on", "closing", "off")
IN_THE_FILE = Text(
    fr="Les modules de la Ville sont définis dans son fichier. Modifiez-les là.",
    en="The town’s modules are set in its file. Change them there.",
)
NEEDED = Text(
    fr="Le module « {module} », qui en a besoin, est en service ici.",
    en="The module “{module}”, which needs it, is on here.",
)
EVERYWHERE = "*"  # every town of which nothing is said
log = structlog.get_logger("parvis.modules")


class Decision(Struct, frozen=True, kw_only=True):
    """What somebody said about a module, for a town or for every other one; the higher its number, the later."""

    number: int
    jurisdiction: str
    module: str
    state: State
    by: str
    why: str
    at: datetime


COLUMNS = tuple(getattr(ModuleSwitch, name) for name in Decision.__struct_fields__)


class TownModules(Struct, frozen=True, kw_only=True):
    """The modules of one town: those on, and those closing, which take nothing new. What they need is among them."""

    on: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Whether its pages are there and its chores run; what is no module's is always there."""
        return not name or name in self.on or name in self.closing

    def state(self, name: str) -> State:
        """How a module stands there."""
        return "on" if name in self.on else "closing" if name in self.closing else "off"


class Switchboard:
    """Lives as long as the host; asked without waiting, by the guard of every page of a module.

    What another process decides is known after its next look, what this one does at once.
    """

    def __init__(self, registry: ModuleRegistry = NO_MODULES) -> None:
        self.registry = registry
        self._decisions: tuple[Decision, ...] = ()
        self._towns: dict[tuple[str, tuple[str, ...] | None], TownModules] = {}
        self._heard: dict[type[Any], tuple[tuple[str, Any], ...]] = {}

    def of(self, town: Jurisdiction) -> TownModules:
        """The modules of a town: those its file names, or else by the last decision about each."""
        key = (town.code, town.modules)
        if key not in self._towns:
            self._towns[key] = self._worked_out(town)
        return self._towns[key]

    def scopes(self, town: Jurisdiction | None) -> tuple[KeyScope, ...]:
        """What keys may be made for besides, where these modules are."""
        return tuple(scope for each in self._there(town) for scope in each.module.scopes)

    def figures(self, town: Jurisdiction) -> tuple[Any, ...]:
        """What these modules count beside the figures of requests."""
        return tuple(figure for each in self._there(town) for figure in each.figures)

    def queue_actions(self, town: Jurisdiction) -> tuple[Any, ...]:
        """What these modules can do to many chosen requests at once."""
        return tuple(action for each in self._there(town) for action in each.queue_actions)

    def anywhere(self, name: str, towns: Iterable[Jurisdiction]) -> bool:
        """Whether one of these towns has a module."""
        return any(self.of(town).has(name) for town in towns)

    def heard(self, noun: type[Noun], town: Jurisdiction | None = None) -> tuple[Noun, ...]:
        """What modules say to a room of the core by this noun: those that a town has, or all, on or off."""
        there = self.of(town) if town is not None else None
        return tuple(each for owner, each in self._said(noun) if there is None or there.has(owner))

    def heard_somewhere(self, noun: type[Noun], towns: Iterable[Jurisdiction]) -> tuple[tuple[str, Noun], ...]:
        """The same of the modules that at least one of these towns has, each with the name of its module."""
        every = tuple(towns)
        return tuple((owner, each) for owner, each in self._said(noun) if self.anywhere(owner, every))

    def _said(self, noun: type[Any]) -> tuple[tuple[str, Any], ...]:
        if noun not in self._heard:
            places = self.registry.packages("heard").items()
            self._heard[noun] = tuple((owner, each) for owner, place in places for each in declared(noun, place))
        return self._heard[noun]

    def said_of(self, town: Jurisdiction, module: str) -> Decision | None:
        """The last decision about a module: of this town, or else of all."""
        said = {each.jurisdiction: each for each in self._decisions if each.module == module}
        return said.get(town.code) or said.get(EVERYWHERE)

    def is_decided(self, module: str) -> bool:
        """Whether anybody ever said something of a module, of whatever town."""
        return any(each.module == module for each in self._decisions)

    def needing(self, name: str) -> tuple[InstalledModule, ...]:
        """The modules that cannot work without one."""
        return tuple(each for each in self.registry.modules if name in each.module.needs)

    def hindrances(self, town: Jurisdiction, name: str, state: State) -> tuple[Text, ...]:
        """Why a module cannot be switched so in a town; nothing where it can."""
        there = self.of(town)
        if town.modules is not None:
            return (IN_THE_FILE,)
        needing = [each for each in self.needing(name) if there.has(each.name)] if state == "off" else []
        return tuple(NEEDED.format(module=each.module.title) for each in needing)

    def states_of(self, name: str) -> tuple[State, ...]:
        """What can be said of a module. Closing is for those whose kinds of part requests are under way with: these go
        on, and no new request has them; of others nothing would be different from being on."""
        found = self.registry.named(name)
        return STATES if found is not None and found.module.part_kinds else ("on", "off")

    def with_decision(self, jurisdiction: str, module: str, state: State) -> "Switchboard":
        """The same as if somebody had said this of a module; nothing is decided."""
        number = self._decisions[-1].number + 1 if self._decisions else 1
        one = Decision(
            number=number, jurisdiction=jurisdiction, module=module, state=state, by="", why="", at=clock.now()
        )
        board = Switchboard(self.registry)
        board._decisions = (*self._decisions, one)
        return board

    async def look(self) -> bool:
        """Read what was decided since the last look, and everything where the last that was known is not there any
        more, as in a database that was put back; whether anything changed."""
        last = self._decisions[-1:]
        found = await _decisions_since(last[0].number if last else 0)
        known = found[: len(last)] == last
        decisions = (*self._decisions, *found[len(last) :]) if known else await _decisions_since(0)
        if decisions == self._decisions:
            return False
        self._decisions, self._towns = decisions, {}
        return True

    def _there(self, town: Jurisdiction | None) -> Iterable[InstalledModule]:
        return [each for each in self.registry.modules if town is not None and self.of(town).has(each.name)]

    def _worked_out(self, town: Jurisdiction) -> TownModules:
        names = [each.name for each in self.registry.modules]
        said = {name: decision for name in names if (decision := self.said_of(town, name))}
        states: dict[str, State] = {name: decision.state for name, decision in said.items()}
        if town.modules is not None:
            states = dict.fromkeys(town.modules, "on")
        on = self._with_needs(name for name in names if states.get(name) == "on")
        kept = self._with_needs(name for name in names if states.get(name) == "closing")
        return TownModules(on=on, closing=kept - on)

    def _with_needs(self, names: Iterable[str]) -> frozenset[str]:
        found = set(names)
        for each in reversed(self.registry.modules):  # a module comes after those that it needs
            if each.name in found:
                found |= {*each.module.needs}
        return frozenset(found)


async def _decisions_since(number: int) -> tuple[Decision, ...]:
    """The decisions from a number on, the oldest first."""
    rows = await ModuleSwitch.select(*COLUMNS).where(ModuleSwitch.number >= number).order_by(ModuleSwitch.number)
    return tuple(Decision(**row) for row in rows)
