"""Modules that answer at an address, or name a right, that is somebody’s already: left out, and told."""

import re
from collections.abc import Iterator

from litestar.handlers import HTTPRouteHandler

from parvis.api.routing import OPERATIONS, PATH, every_operation
from parvis.declared import declared
from parvis.jurisdictions.town_files import OURS as TOWN_FILES
from parvis.modules import PAGES, InstalledModule, ModuleRegistry, trouble_of, without
from parvis.people.roles import RIGHTS
from parvis.people.tokens import SCOPES
from parvis.plugins.module_discovery import broken_files
from parvis.troubles import Trouble
from parvis.web.desk.context import QUEUE
from parvis.web.desk.lists.columns import QueueColumn
from parvis.web.desk.lists.filtering import COLUMN, FIXED
from parvis.web.desk.lists.filters import QueueFilter
from parvis.web.done_messages import SAID, DoneMessage
from parvis_sdk.text import Text

HOST = "parvis.web"  # whose files declare what the host answers itself
PARAMETER = re.compile(r"{[^}]*}")
ANSWERED = Text(
    fr="l’adresse {address} est déjà celle de {other}", en="the address {address} is already that of {other}"
)
OTHER_ADDRESS = Text(
    fr="donnez-lui une autre adresse, ou désinstallez l’un des deux",
    en="give it another address, or uninstall one of them",
)
NAMED = Text(fr="{name} est déjà de {other}", en="{name} is already one of {other}")
OTHER_NAME = Text(
    fr="donnez-lui un autre nom, ou désinstallez l’un des deux", en="give it another name, or uninstall one of them"
)


def without_clashes(modules: ModuleRegistry) -> ModuleRegistry:
    """The modules that can be answered side by side with the host; the others are troubles."""
    readable = without(modules, (trouble for each in modules.modules for trouble in broken_files(each, PAGES)))
    return without(readable, _clashes(readable))


def _clashes(modules: ModuleRegistry) -> Iterator[Trouble]:
    ours = (*_pages(HOST), *_named(HOST), *(f"{QUEUE}?{name}=" for name in FIXED))
    owners = dict.fromkeys((*ours, *(_call(each.method, each.path) for each in OPERATIONS)), "Parvis")
    ours_by_name = {"rights": (each.name for each in RIGHTS), "scopes": SCOPES, "town_files": TOWN_FILES}
    names = {(place, name): "Parvis" for place, those in ours_by_name.items() for name in those}
    for each in modules.modules:
        for place, address in _answered_by(each):
            if address in owners:
                yield trouble_of(each, place, ANSWERED.format(address=address, other=owners[address]), OTHER_ADDRESS)
            owners.setdefault(address, str(each))
        for place, name in _named_by(each):
            if (place, name) in names:
                yield trouble_of(each, place, NAMED.format(name=name, other=names[place, name]), OTHER_NAME)
            names.setdefault((place, name), str(each))


def _answered_by(each: InstalledModule) -> Iterator[tuple[str, str]]:
    """What a module answers, and by which of its parts."""
    for place in PAGES:
        if package := getattr(each.module, place):
            yield from ((place, address) for address in (*_pages(package), *_named(package)))
    own = (one for one in every_operation(ModuleRegistry(modules=(each,))) if one.owner)
    yield from (("api", _call(one.method, one.path)) for one in own)


def _named_by(each: InstalledModule) -> Iterator[tuple[str, str]]:
    """The rights that a module names, what keys may be made for, what it reads of a town, and what it counts."""
    yield from (("rights", one.name) for one in each.module.rights)
    yield from (("scopes", one.name) for one in each.module.scopes)
    yield from (("town_files", one.name) for one in each.town_files)
    yield from (("figures", one.code) for one in each.figures)
    yield from (("queue_actions", one.name) for one in each.queue_actions)


def _pages(package: str) -> Iterator[str]:
    for handler in declared(HTTPRouteHandler, package):
        for method in sorted(handler.http_methods):
            yield from (_call(method, path, "") for path in sorted(handler.paths))


def _named(package: str) -> Iterator[str]:
    """What addresses name: filters and columns of the queue, which kept lists repeat, and what is said once done."""
    yield from (f"{QUEUE}?{each.name}=" for each in declared(QueueFilter, package))
    yield from (f"{QUEUE}?{COLUMN}={each.name}" for each in declared(QueueColumn, package))
    yield from (f"{each.slot}?{SAID}={each.name}" for each in declared(DoneMessage, package))


def _call(method: str, path: str, before: str = PATH) -> str:
    """An address as it is told apart from others: what stands for a parameter has no name."""
    return f"{method.upper()} {before}{PARAMETER.sub('{}', path).rstrip('/') or '/'}"
