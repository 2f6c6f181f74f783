"""Modules: what an installation may lack and each town switches on; what they are, and in which order."""

import re
import sys
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from msgspec import Struct
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from parvis import __version__
from parvis.troubles import Trouble, Words
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
Place = Literal[
    "desk",
    "operators",
    "portal",
    "resident",
    "sign_in",
    "api",
    "chores",
    "heard",
    "personal",
    "words",
    "procedures",
    "demo",
]
NOTHING_PERSONAL = "nothing"
"""Written as `personal` of a module in whose tables nothing is personal of requests: somebody has thought of it."""
PAGES: tuple[Place, ...] = ("desk", "operators", "portal", "resident", "sign_in")  # the places that answer pages
OF_THE_WEB = (*PAGES, "api")  # fields of what is asked over HTTP alone, which a worker never loads
CHAIN = "parvis_"  # before the name of a module: its chain of migrations, for ever
PARTS = (
    "tables",
    "steps",
    "personal",
    "words",
    "procedures",
    "desk",
    "operators",
    "portal",
    "resident",
    "sign_in",
    "api",
    "chores",
    "given",
    "heard",
    "settings",
    "town_files",
    "part_kinds",
    "figures",
    "queue_actions",
    "demo",
)  # what leads to code, by field
LEFT_OUT = Text(fr="le module est laissé de côté", en="the module is left out")
NO_NAME = Text(fr="{name} ne peut pas être le nom d’un module", en="{name} cannot be the name of a module")
A_NAME = Text(
    fr="prenez des minuscules, des chiffres et _, en commençant par une lettre",
    en="use lowercase letters, digits and _, starting with a letter",
)
TWICE = Text(fr="deux modules ont le nom {name}", en="two modules have the name {name}")
UNINSTALL_ONE = Text(fr="désinstallez l’un d’eux", en="uninstall one of them")
NO_RANGE = Text(
    fr="host={host} n’est pas une suite de versions de Parvis", en="host={host} is not a range of versions of Parvis"
)
A_RANGE = Text(fr="écrivez par exemple «\u00a0>=0.1,<0.2\u00a0»", en="write for instance “>=0.1,<0.2”")
OTHER_HOST = Text(
    fr="il demande Parvis {wanted}, et {installed} est installé",
    en="it needs Parvis {wanted}, and {installed} is installed",
)
OTHER_RELEASE = Text(
    fr="installez une version de {distribution} faite pour Parvis {installed}",
    en="install a release of {distribution} made for Parvis {installed}",
)
NO_STEPS = Text(
    fr="il nomme des tables et pas d’étapes qui les font, ou l’inverse",
    en="it names tables and no steps that make them, or the other way round",
)
NAME_BOTH = Text(fr="nommez les deux\u00a0: tables et steps", en="name both: tables and steps")
NO_PERSONAL = Text(
    fr="il nomme des tables et ne dit pas ce qu’elles ont de personnel",
    en="it names tables and does not say what is personal in them",
)
NAME_PERSONAL = Text(
    fr="nommez en personal le module Python dont ERASURE le dit, ou NOTHING_PERSONAL",
    en="name the Python module whose ERASURE says it as personal, or NOTHING_PERSONAL",
)
LACKS_NEED = Text(
    fr="il a besoin du module {need}, qui n’est pas là", en="it needs the module {need}, which is not there"
)
INSTALL_NEED = Text(
    fr="installez le module {need}, ou désinstallez {distribution}",
    en="install the module {need}, or uninstall {distribution}",
)
IN_A_LOOP = Text(fr="des modules ont besoin les uns des autres\u00a0: {path}", en="modules need one another: {path}")
BREAK_LOOP = Text(
    fr="retirez l’un de ces besoins, ou faites-en un may_use", en="take one of these needs out, or make it a may_use"
)


class Command(Struct, frozen=True, kw_only=True):
    """A command beside those of the core: its help in one line, and where it is written (`package.file:name`).
    `group` is the command of the core in which it stands, such as `requests`.
    """

    name: str
    summary: str
    written: str
    group: str = ""

    @property
    def typed(self) -> str:
        """What is typed after `parvis`."""
        return f"{self.group} {self.name}".strip()


class Right(Struct, frozen=True, kw_only=True):
    """Something that may be done, and the roles that have it; where none does, keys of the API alone can.

    `scopes` are those of the core whose keys have it too, `sees` what is seen by it of a request, in words. What is
    seen outlives its module as long as the town has rows of the kind of part that it `remains` for.
    """

    name: str
    title: Text
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    sees: Text | None = None
    remains: str = ""


class KeyScope(Struct, frozen=True, kw_only=True):
    """What a key of the API may be made for: its name, which is stored, and the rights that it gives."""

    name: str
    title: Text
    rights: tuple[str, ...] = ()


async def gives_nothing(performance: Any, words: str) -> None:
    """Nothing of it is waited for."""


class Player(Struct, frozen=True, kw_only=True):
    """Who plays in the stories of a demonstration what a module looks after, in place of the core: a step, given the
    performance and the step, or the words that a requester answers. Each says whether it was its own to play.
    `give` gives, in such words, what the next step of a request waits for; `steps` play, by their word, what is no
    step of a workflow, such as paying.
    """

    take: Callable[[Any, Any, Transition], Awaitable[bool]]
    answer: Callable[[Any, str], Awaitable[bool]]
    give: Callable[[Any, str], Awaitable[None]] = gives_nothing
    steps: Mapping[str, Callable[[Any, Any], Awaitable[None]]] = {}


class Module(Struct, frozen=True, kw_only=True):
    """A module, as data. What leads to code is a dotted name, imported when it is first needed."""

    name: str  # before its rights and its settings, and of its chain of migrations: never changed
    title: Text
    summary: Text
    host: str = ""  # the versions of Parvis it works with
    needs: tuple[str, ...] = ()  # modules without which it cannot work
    may_use: tuple[str, ...] = ()  # modules that it speaks to where they are there
    tables: str = ""  # the module whose TABLES are its tables
    steps: str = ""  # the package of its migrations
    personal: str = ""  # the module whose ERASURE says what of its tables goes with a request, or NOTHING_PERSONAL
    words: str = ""  # the module whose WORDS say what its entries of the history are called
    procedures: str = ""  # the module whose PROCEDURES are what towns put in force by versions
    api: str = ""  # the module whose operations the API has
    part_kinds: str = ""  # the module whose PART_KINDS look after the kinds of part that it brings
    desk: str = ""  # the package whose files answer at the desk, with the lines of its menu
    operators: str = ""  # the same on the pages of operators
    portal: str = ""  # what it answers to anybody
    resident: str = ""  # what it answers to requesters and followers
    sign_in: str = ""  # what it answers at sign-in and sign-out, without a session
    chores: str = ""  # the Python module whose chores_of(host) are its chores
    given: str = ""  # the Python module whose given(startup) are values that rooms of the core keep from the start
    heard: str = ""  # the Python module whose nouns packages of the core look up, such as an `AdviceSource`
    settings: str = ""  # the Python module whose SETTINGS is what holds where the files of a town say nothing
    town_files: str = ""  # the Python module whose TOWN_FILES it reads in the folder of a town
    figures: str = ""  # the Python module whose FIGURES are counted beside those of requests
    queue_actions: str = ""  # the Python module whose QUEUE_ACTIONS can be done to many chosen requests
    commands: tuple[Command, ...] = ()
    rights: tuple[Right, ...] = ()
    scopes: tuple[KeyScope, ...] = ()
    demo: str = ""  # the Python module whose show, begin, evening and morning play a part in the demo, or its PLAYER


class InstalledModule(Struct, frozen=True, kw_only=True):
    """A module as it is there: which package it lies in, and which distribution brought it."""

    module: Module
    package: str = ""
    distribution: str = ""
    version: str = ""

    @property
    def name(self) -> str:
        return self.module.name

    @property
    def chain(self) -> str:
        """The name of its chain of migrations."""
        return f"{CHAIN}{self.module.name}"

    @property
    def table_names(self) -> tuple[str, ...]:
        """Its tables by name."""
        classes = part(self.module.tables).TABLES if self.module.tables else ()
        return tuple(each._meta.tablename for each in classes)

    @property
    def town_files(self) -> tuple[Any, ...]:
        """What it reads in the folder of a town."""
        return part(self.module.town_files).TOWN_FILES if self.module.town_files else ()

    @property
    def figures(self) -> tuple[Any, ...]:
        """What it counts beside the figures of requests."""
        return part(self.module.figures).FIGURES if self.module.figures else ()

    @property
    def queue_actions(self) -> tuple[Any, ...]:
        """What it can do to many chosen requests at once."""
        return part(self.module.queue_actions).QUEUE_ACTIONS if self.module.queue_actions else ()

    @property
    def locale(self) -> Path | None:
        """Where its catalogues lie, when it has any."""
        return self._folder("locale")

    @property
    def templates(self) -> Path | None:
        """Where its templates lie, when it has any."""
        return self._folder("templates")

    def __str__(self) -> str:
        brought_by = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({brought_by})" if brought_by else self.name

    def _folder(self, name: str) -> Path | None:
        file = getattr(import_module(self.package), "__file__", None) if self.package else None
        folder = Path(file).parent / name if file else None
        return folder if folder is not None and folder.is_dir() else None


class ModuleRegistry(Struct, frozen=True, kw_only=True):
    """The modules of one installation, each after those it needs, and what is wrong with those left out."""

    modules: tuple[InstalledModule, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    def named(self, name: str) -> InstalledModule | None:
        """The module of that name."""
        return next((each for each in self.modules if each.name == name), None)

    def tables(self) -> tuple[type[Any], ...]:
        """The tables of all modules, in their order."""
        named = (each.module.tables for each in self.modules if each.module.tables)
        return tuple(table for name in named for table in part(name).TABLES)

    def packages(self, place: Place) -> dict[str, str]:
        """What each module brings to a place, by the name of the module."""
        named = {each.module.name: getattr(each.module, place) for each in self.modules}
        return {of: name for of, name in named.items() if name and name != NOTHING_PERSONAL}

    def part_kinds(self, among: Collection[str] | None = None) -> tuple[Any, ...]:
        """Who looks after the kinds of part that modules bring, or these of them, in their order."""
        named = [each.module for each in self.modules if each.module.part_kinds]
        there = [each for each in named if among is None or each.name in among]
        return tuple(kind for each in there for kind in part(each.part_kinds).PART_KINDS)

    def chains(self) -> dict[str, str]:
        """The package of the migrations of each module that has any, by the name of its chain."""
        return {each.chain: each.module.steps for each in self.modules if each.module.steps}


NO_MODULES = ModuleRegistry()


def registry_of(modules: Iterable[Module | InstalledModule], troubles: Iterable[Trouble] = ()) -> ModuleRegistry:
    """The modules that can work together, each after those it needs; the others are troubles that name their author."""
    all_troubles = list(troubles)
    there: dict[str, InstalledModule] = {}
    given = [each if isinstance(each, InstalledModule) else InstalledModule(module=each) for each in modules]
    names = [each.name for each in given]
    for each in sorted(given, key=lambda one: one.name):
        wrong = list(_wrongs(each))
        if names.count(each.name) > 1:
            wrong.append(trouble_of(each, "name", TWICE.format(name=repr(each.name)), UNINSTALL_ONE))
        all_troubles += wrong
        if not wrong:
            there[each.name] = each
    ordered: list[InstalledModule] = []
    while there:
        needs = {name: set(each.module.needs) & there.keys() for name, each in there.items()}
        able = [name for name, needed in needs.items() if not needed]
        for name in able or [each for each in there if _way_back(each, needs)]:
            each = there.pop(name)
            ready = {one.name for one in ordered}
            wrong = [*_needs_wrong(each, ready)] if able else [_loop(each, needs)]
            all_troubles += wrong
            if not wrong:
                ordered.append(each)
    return ModuleRegistry(modules=tuple(_by_name(ordered)), troubles=tuple(all_troubles))


def _by_name(ordered: Iterable[InstalledModule]) -> Iterable[InstalledModule]:
    """By name, but a needed module right before the first that needs it; what a module itself needs moves nothing."""
    known = {each.name: each for each in ordered}
    placed: dict[str, InstalledModule] = {}
    left = sorted(known, reverse=True)
    while left:
        waiting = [need for need in known[left[-1]].module.needs if need not in placed]
        if waiting:
            left += sorted(waiting, reverse=True)
        else:
            name = left.pop()
            placed.setdefault(name, known[name])
    return placed.values()


def without(registry: ModuleRegistry, troubles: Iterable[Trouble]) -> ModuleRegistry:
    """The same modules without those that turned out to be broken, and without those that need them."""
    told = tuple(troubles)
    broken = {trouble.plugin for trouble in told}
    left = [each for each in registry.modules if each.name not in broken]
    return registry_of(left, (*registry.troubles, *told)) if broken else registry


def part(name: str) -> ModuleType:
    """The Python module behind a dotted name of a `Module`."""
    return sys.modules.get(name) or import_module(name)  # a page asks for some fifty, all imported long ago


def parts(module: Module) -> dict[str, str]:
    """What a module names that leads to code, by field."""
    return {field: name for field in PARTS if (name := getattr(module, field)) and name != NOTHING_PERSONAL}


def trouble_of(each: InstalledModule, where: str, what: Words, now_what: Words) -> Trouble:
    """Why a module is left out; `where` is the field of `Module` that it lies in."""
    place = " · ".join(part for part in (each.package, f"Module.{where}") if part)
    return Trouble(who=str(each), where=place, what=what, so_what=LEFT_OUT, now_what=now_what, plugin=each.name)


def _wrongs(each: InstalledModule) -> Iterator[Trouble]:
    module = each.module
    if not NAME.fullmatch(module.name):
        yield trouble_of(each, "name", NO_NAME.format(name=repr(module.name)), A_NAME)
    try:
        fits = SpecifierSet(module.host).contains(__version__, prereleases=True)
    except InvalidSpecifier:
        yield trouble_of(each, "host", NO_RANGE.format(host=repr(module.host)), A_RANGE)
    else:
        if not fits:
            now_what = OTHER_RELEASE.format(distribution=each.distribution or each.name, installed=__version__)
            yield trouble_of(each, "host", OTHER_HOST.format(wanted=module.host, installed=__version__), now_what)
    if bool(module.tables) != bool(module.steps):
        yield trouble_of(each, "tables", NO_STEPS, NAME_BOTH)
    elif module.tables and not module.personal:
        yield trouble_of(each, "personal", NO_PERSONAL, NAME_PERSONAL)


def _needs_wrong(each: InstalledModule, ready: set[str]) -> Iterator[Trouble]:
    for need in each.module.needs:
        if need not in ready:
            now_what = INSTALL_NEED.format(need=need, distribution=each.distribution or each.name)
            yield trouble_of(each, "needs", LACKS_NEED.format(need=need), now_what)


def _loop(each: InstalledModule, needs: Mapping[str, set[str]]) -> Trouble:
    path = " → ".join(_way_back(each.name, needs))
    return trouble_of(each, "needs", IN_A_LOOP.format(path=path), BREAK_LOOP)


def _way_back(name: str, needs: Mapping[str, set[str]]) -> list[str]:
    """The shortest way from a module along its needs back to itself; empty where there is none."""
    ways = [[name]]
    for way in ways:
        for need in sorted(needs[way[-1]]):
            if need == name:
                return [*way, name]
            if not any(other[-1] == need for other in ways):
                ways.append([*way, need])
    return []
