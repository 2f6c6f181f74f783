"""What a module is used for today in a town: the types that need it, and the open requests that have its parts."""

from collections.abc import Awaitable, Callable, Collection
from functools import partial

from msgspec import Struct
from piccolo.custom_types import Combinable

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure, attempt
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.offered import brought
from parvis.switches import State
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

SECONDS = 2.0  # that a module has to say what must be known before it is switched
UNSAID = Text(
    fr="Le module n’a pas pu indiquer ce qui changerait pour la population.",
    en="The module could not show what would change for residents.",
)


class ModuleUse(Struct, frozen=True, kw_only=True):
    """The types of a town that are offered only with a module, and how many open requests have a part of it."""

    types: tuple[RequestType, ...] = ()
    requests: int = 0


async def module_use(host: Host, town: Jurisdiction, name: str) -> ModuleUse:
    """What stops being offered, and what goes on without it, when a module is switched off there."""
    words = kinds_of_module(host, name)
    if not words:
        return ModuleUse()
    needing = tuple(request_type for request_type in brought(host, town) if request_type.required() & words)
    digests = [digest for digest, _ in await declared_with(host, town, words)]
    if not digests:
        return ModuleUse(types=needing)
    made_with = ServiceRequest.declaration.is_in(digests)
    return ModuleUse(types=needing, requests=await ServiceRequest.count().where(open_in(town), made_with))


def kinds_of_module(host: Host, name: str) -> frozenset[str]:
    """The words of the kinds of part that a module looks after."""
    return frozenset(kind.word for kind in host.modules.registry.part_kinds({name}))


def open_in(town: Jurisdiction) -> Combinable:
    """Which requests of a town are open."""
    table = ServiceRequest
    return (table.jurisdiction == town.code) & (table.phase != Phase.CLOSED.value) & table.erased_at.is_null()


async def declared_with(host: Host, town: Jurisdiction, words: Collection[str]) -> list[tuple[str, RequestType]]:
    """The declarations, by digest, with which open requests of a town were made and that have such a kind of part."""
    table = ServiceRequest
    rows = await table.select(table.declaration).where(open_in(town)).group_by(table.declaration)
    request_types = [(row["declaration"], await declaration(host, row["declaration"])) for row in rows]
    return [
        (digest, request_type)
        for digest, request_type in request_types
        if any(part.part in words for part in request_type.parts)
    ]


class SwitchWarning(Struct, frozen=True, kw_only=True):
    """What an operator who switches a module must know first: given the town, the state, and the account that asks."""

    module: str
    said: Callable[[Host, Jurisdiction, State, str], Awaitable[tuple[Text, ...]]]


async def warnings_of(host: Host, town: Jurisdiction, name: str, state: State, asker: str = "") -> tuple[Text, ...]:
    """What must be known before a module is switched so; one that breaks over it is no silence."""
    found: list[Text] = []
    for each in host.modules.heard(SwitchWarning):
        if each.module == name:
            done = await attempt(partial(each.said, host, town, state, asker), SECONDS)
            found += (UNSAID,) if isinstance(done, Failure) else done.value
    return tuple(found)
