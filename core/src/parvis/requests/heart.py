"""What the heart works with, and the request types that a jurisdiction offers."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import httpx
from msgspec import structs

from parvis.calling import client
from parvis.db import Engine
from parvis.folding import fold
from parvis.house import House
from parvis.house.threads import PluginThreads
from parvis.modules import NO_MODULES, ModuleRegistry
from parvis.outgoing import Clients
from parvis.requests.attached.antivirus import Scanner
from parvis.requests.attached.files import FileStore
from parvis.requests.finding.finder import Finder, Offered
from parvis.requests.issuing.seals import Seals
from parvis.requests.keeping.looked import Looks
from parvis.requests.levels.lines import Levels
from parvis.requests.places.circuit import Circuits
from parvis.requests.procedures.standing import Standing
from parvis.requests.ready.standing import StandingTexts
from parvis.requests.routing.rules import Rules
from parvis.requests.situation.bulletin import Bulletin
from parvis.requests.situation.incident_matching import INCIDENT, TYPES
from parvis.requests.work.writers import Writers
from parvis.sections import Outgoing
from parvis.territory import Jurisdiction, Notice, NoticeBoard, Territory
from parvis_sdk.about import ZONES
from parvis_sdk.contact_methods import BUILT_IN, ContactMethod, method_of, methods_here
from parvis_sdk.fields import INTERNAL, PUBLIC, Option, Privacy, SeveralOf
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import RequestType, Theme
from parvis_sdk.text import Text

WHERE = Text(fr="Où", en="Where")
IN_ZONES = Text(fr="Dans quels secteurs?", en="In which sectors?")
EVERYWHERE = Text(fr="Rien de coché\u00a0: partout dans la ville.", en="Nothing ticked: everywhere in town.")
OF_TYPES = Text(fr="Quels types de requêtes?", en="Which types of requests?")
OF_ALL = Text(fr="Rien de coché\u00a0: tous les types.", en="Nothing ticked: all types.")


Able = Callable[[str, Collection[str]], Awaitable[frozenset[str]]]
"""Those of these people who may be given requests of that town."""


async def everybody(jurisdiction: str, ids: Collection[str]) -> frozenset[str]:
    """Where nobody keeps accounts, whoever is named may be given requests."""
    return frozenset(ids)


class Pinned(NamedTuple):
    """A request type as requests are pinned to it: the whole declaration as JSON, and its digest."""

    kind: RequestType
    digest: str
    body: str


@dataclass(frozen=True)
class Heart:
    """Everything a use case needs: the database, the towns, the plugins, the files, and the secret."""

    engine: Engine
    territory: Territory
    house: House
    files: FileStore
    secret: bytes
    base_url: str
    modules: ModuleRegistry = NO_MODULES
    declarations: dict[str, RequestType] = field(default_factory=dict)  # immutable by digest, so never stale
    locating: Circuits = field(default_factory=Circuits)
    paying: Circuits = field(default_factory=Circuits)
    client: Callable[[float], httpx.AsyncClient] = client  # how payment providers reach their systems
    clients: Clients = field(default_factory=lambda: Clients(Outgoing()))  # of connectors and locators
    threads: PluginThreads | None = None  # with them, a plugin that blocks stops nothing but itself
    pinned: dict[str, Pinned] = field(default_factory=dict)  # the types offered, by code
    finders: dict[Offered, Finder] = field(default_factory=dict)  # made when words are first looked for among them
    board: NoticeBoard | None = None
    bulletin: Bulletin = field(default_factory=Bulletin)  # what the desk has posted
    scanner: Scanner | None = None  # with one, files are held until it has seen them
    seals: Seals | None = None  # with them, no document leaves unsigned
    answers_to: str = ""  # the mail address whose mail is fetched, so that people can answer to it
    in_towns: dict[tuple[str, str], RequestType] = field(default_factory=dict)  # types that differ by town
    able: Able = everybody
    looks: Looks = field(default_factory=Looks)  # what is looked at, until it is written
    writers: Writers = field(default_factory=Writers)  # who is writing on which request
    rules: dict[str, Standing[Rules]] = field(default_factory=dict)  # by which requests are routed, by town
    levels: dict[str, Standing[Levels]] = field(default_factory=dict)  # what is promised, by town
    texts: dict[str, StandingTexts] = field(default_factory=dict)  # ready to be written to residents, by town


def types_of(heart: Heart, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What this jurisdiction offers today, by theme and title; that of its own people too."""
    types = (_in_town(heart, jurisdiction, kind) for kind in heart.house.types_of(jurisdiction.plugins))
    return tuple(sorted(types, key=lambda kind: (fold(kind.theme.title.fr), fold(kind.title.fr))))


def themes_of(types: Iterable[RequestType]) -> dict[str, Theme]:
    """The themes of these types by code, in the words that most of its types have: one plugin renames no other's."""
    by_code: dict[str, list[Theme]] = {}
    for kind in types:
        by_code.setdefault(kind.theme.code, []).append(kind.theme)
    return {code: max(themes, key=themes.count) for code, themes in by_code.items()}


def types_for_anyone(heart: Heart, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What anybody may ask for here, by theme and title."""
    return tuple(kind for kind in types_of(heart, jurisdiction) if kind.opened_by == "anyone")


def notices_of(heart: Heart, jurisdiction: Jurisdiction, now: datetime) -> tuple[Notice, ...]:
    """The notices of this jurisdiction in force at that moment, urgent ones first."""
    standing = (one for one in notices_known(heart, jurisdiction) if one.is_in_force(now))
    return tuple(sorted(standing, key=lambda one: not one.urgent))


def notices_known(heart: Heart, jurisdiction: Jurisdiction) -> tuple[Notice, ...]:
    """The notices of this jurisdiction that stand, those of other seasons too; the lifted ones left out."""
    in_files = heart.board.all_of(jurisdiction) if heart.board is not None else jurisdiction.notices
    lifted = heart.bulletin.lifted(jurisdiction.code)
    return (
        *heart.bulletin.notices(jurisdiction.code),
        *(notice for notice in in_files if notice.code not in lifted),
    )


def channels_of(heart: Heart, jurisdiction: Jurisdiction) -> tuple[str, ...]:
    """The ways in which this jurisdiction can write to people."""
    return heart.house.channels_of(jurisdiction.plugins)


def contact_methods(heart: Heart, jurisdiction: Jurisdiction) -> tuple[ContactMethod, ...]:
    """The ways in which people of this jurisdiction may be reached, in the order of forms."""
    return methods_here(channels_of(heart, jurisdiction), heart.house.methods_of(jurisdiction.plugins))


def methods_read(heart: Heart, jurisdiction: Jurisdiction) -> tuple[ContactMethod, ...]:
    """The same with the built-in ones that it lacks today, for reading what people wish: that is kept for later."""
    here = contact_methods(heart, jurisdiction)
    return (*here, *(each for each in BUILT_IN if method_of(each.name, here) is None))


def method_known(heart: Heart, name: str) -> ContactMethod | None:
    """The contact method of that name, whichever towns have it; None where its plugin is gone."""
    return method_of(name, (*heart.house.methods_of(), *BUILT_IN))


def type_of(heart: Heart, jurisdiction: Jurisdiction, code: str) -> RequestType | None:
    """The request type of that code, if this jurisdiction offers it."""
    kind = next((kind for kind in heart.house.types_of(jurisdiction.plugins) if kind.code == code), None)
    return _in_town(heart, jurisdiction, kind) if kind is not None else None


def type_by_slug(heart: Heart, jurisdiction: Jurisdiction, language: str, theme: str, slug: str) -> RequestType | None:
    """The request type at an address of the portal."""
    return next(
        (
            kind
            for kind in types_for_anyone(heart, jurisdiction)
            if kind.slug.to(language) == slug and kind.theme.slug.to(language) == theme
        ),
        None,
    )


def _in_town(heart: Heart, jurisdiction: Jurisdiction, kind: RequestType) -> RequestType:
    """The type as this town has it, always the same object: an operation asks in which of its zones, an incident also
    which of its types are concerned.
    """
    if kind.operation is None and kind.code != INCIDENT:
        return kind
    key = (jurisdiction.code, kind.code)
    if key not in heart.in_towns:
        asked = [zones] if (zones := _zones_asked(jurisdiction)) else []
        if kind.code == INCIDENT and (types := _types_asked(heart, jurisdiction)):
            asked.append(types)
        where = (Section(code="where", title=WHERE, fields=tuple(asked)),) if asked else ()
        heart.in_towns[key] = structs.replace(kind, form=Form(sections=(*kind.form.sections, *where)))
    return heart.in_towns[key]


def _zones_asked(jurisdiction: Jurisdiction) -> SeveralOf | None:
    options = tuple(Option(code=zone.code, label=zone.name) for zone in jurisdiction.zones)
    return _several(ZONES, IN_ZONES, EVERYWHERE, options, PUBLIC)


def _types_asked(heart: Heart, jurisdiction: Jurisdiction) -> SeveralOf | None:
    offered = [kind for kind in heart.house.types_of(jurisdiction.plugins) if kind.opened_by == "anyone"]
    options = tuple(Option(code=kind.code, label=kind.title) for kind in offered)
    return _several(TYPES, OF_TYPES, OF_ALL, options, INTERNAL)


def _several(code: str, label: Text, help: Text, options: tuple[Option, ...], privacy: Privacy) -> SeveralOf | None:
    if not options:
        return None
    return SeveralOf(code=code, label=label, help=help, required=False, options=options, privacy=privacy)
