"""What the heart works with, and the request types that a jurisdiction offers."""

from dataclasses import dataclass, field
from typing import NamedTuple

from parvis.db import Engine
from parvis.folding import fold
from parvis.house import House
from parvis.requests.circuit import Locating
from parvis.requests.files import FileStore
from parvis.requests.finding.finder import Finder, Offered
from parvis.territory import Jurisdiction, Territory
from parvis_sdk.request_types import RequestType


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
    declarations: dict[str, RequestType] = field(default_factory=dict)  # immutable by digest, so never stale
    locating: Locating = field(default_factory=Locating)
    pinned: dict[str, Pinned] = field(default_factory=dict)  # the types offered, by code
    finders: dict[Offered, Finder] = field(default_factory=dict)  # made when words are first looked for among them


def types_of(heart: Heart, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What this jurisdiction offers today, by theme and title."""
    types = heart.house.types_of(jurisdiction.plugins)
    return tuple(sorted(types, key=lambda kind: (fold(kind.theme.title.fr), fold(kind.title.fr))))


def type_of(heart: Heart, jurisdiction: Jurisdiction, code: str) -> RequestType | None:
    """The request type of that code, if this jurisdiction offers it."""
    return next((kind for kind in heart.house.types_of(jurisdiction.plugins) if kind.code == code), None)


def type_by_slug(heart: Heart, jurisdiction: Jurisdiction, language: str, theme: str, slug: str) -> RequestType | None:
    """The request type at an address of the portal."""
    return next(
        (
            kind
            for kind in types_of(heart, jurisdiction)
            if kind.slug.to(language) == slug and kind.theme.slug.to(language) == theme
        ),
        None,
    )
def types_for_anyone(heart: Heart, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What anybody may ask for here, by theme and title."""
    return tuple(kind for kind in types_of(heart, jurisdiction) if kind.opened_by == "anyone")


def notices_of(heart: Heart, jurisdiction: Jurisdiction, now: datetime) -> tuple[Notice, ...]:
    """The notices of this jurisdiction in force at that moment, urgent ones first."""
    if heart.board is not None:
        return heart.board.of(jurisdiction, now)
    return tuple(notice for notice in jurisdiction.notices if notice.is_in_force(now))


def channels_of(heart: Heart, jurisdiction: Jurisdiction) -> tuple[str, ...]:
    """The ways in which this jurisdiction can write to people."""
    return heart.house.channels_of(jurisdiction.plugins)


