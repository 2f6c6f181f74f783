"""Connectors: nouns for other systems, with what the host gives them, what they receive, and what they return.

    async def deliver(event: Event, request: ServiceRequest, connection: Connection) -> Outcome | None: ...

    Connector(name="orders", title=Text(fr="Bons de travail", en="Work orders"), address="https://erp.ville.example",
              events=(Submitted, Moved), deliver=deliver)

The same event may come twice, with the same id: look for what is there before making it. An operator may ask to bring
the other system up to date (`Resent`), at any time and for any request: answer it as if nothing had been sent before.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import httpx
from msgspec import Struct, field

from parvis_sdk.errors import Refused
from parvis_sdk.events import Amended, Event, Resent
from parvis_sdk.finding import Finder, FindsNothing
from parvis_sdk.mapping import Mapped
from parvis_sdk.payments import SignedCall
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Need, Outcome, Update
from parvis_sdk.text import Text

UNLOGGED: Mapping[str, Any] = {"unlogged": True}
"""The `extensions` of a call that holds a secret, such as a sign-in, or people whom no request of this delivery names:
its bodies and what its address asks for are left out of the exchange log."""

CheckCode = Literal["settings", "reachable", "allowed"]


async def no_content(id: str) -> bytes:
    """The answer of a connection without files."""
    raise Refused(Text(fr=f"il n’y a pas de fichier {id!r}", en=f"there is no file {id!r}"))


async def nothing_kept(reference: str) -> Mapping[str, Any]:
    """The answer of a connection without memory."""
    return {}


async def nothing_kept_of_any(key: str, after: str = "") -> Mapping[str, Any]:
    """The memory of a connection outside a poll: empty."""
    return {}


async def no_request(reference: str) -> ServiceRequest | None:
    """A request as seen by a connection outside any host."""
    return None


class Connection(Struct, frozen=True, kw_only=True):
    """What the host lends a connector for one call.

    `http` is the connector's own client, with its time limits, its pace and the address guard; what goes over it is
    written to the exchange log, without secrets and personal answers. `now` is the host's clock, in UTC. `content`
    gives the bytes of an attachment of the request, by its id (need "attachments"). `remembered` is what the connector
    asked to keep for itself (`News.remember`); `recall` gives what it asked to keep about a request, by our reference,
    `recall_each` (in a poll) what it keeps under one key about any request, by reference in their order, those after
    the one that is named, 200 at most. `request` is the request itself as `deliver` would be told of it now, so that a
    poll may tell news from what we wrote there ourselves: None of what is not here or was erased. `finder` finds other
    requests, for a panel or a chore that declares `finds`; for anybody else every search is outside its scope.
    """

    http: httpx.AsyncClient
    now: datetime
    content: Callable[[str], Awaitable[bytes]] = no_content
    remembered: Mapping[str, Any] = {}
    recall: Callable[[str], Awaitable[Mapping[str, Any]]] = nothing_kept
    recall_each: Callable[..., Awaitable[Mapping[str, Any]]] = nothing_kept_of_any
    request: Callable[[str], Awaitable[ServiceRequest | None]] = no_request
    finder: Finder = field(default_factory=FindsNothing)


class Pace(Struct, frozen=True, kw_only=True):
    """Limits for calls from each worker to another system: calls at once, calls per second (0: no limit), and seconds
    for one delivery or one poll."""

    at_once: int = 4
    per_second: float = 0.0
    seconds: float = 30.0


class Feature(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing of a layer of the town, as another system holds it: a lot, a zone, a street light.

    `key` is what the other system calls it and stays; `code` and `name` are what people read. `geometry` is GeoJSON in
    WGS84; without one the thing is left out, and `trouble` says why. A `trouble` beside a geometry is only told.
    """

    layer: str
    key: str
    code: str = ""
    name: Text = Text(fr="")
    geometry: dict[str, Any] | None = None
    facts: dict[str, str | bool | int | float] = {}
    trouble: str = ""


class Gone(Struct, frozen=True, kw_only=True):
    """A feature that is no longer in its layer."""

    layer: str
    key: str


class Whole(Struct, frozen=True, kw_only=True):
    """The keys of everything that a layer holds now: the host removes its other features.

    A layer is used once it was whole for the first time.
    """

    layer: str
    keys: frozenset[str]


class News(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of a poll: updates in the order in which they happened, and the cursor of the next poll.

    The host stores `cursor` once every update is handled; after a crash before that, the same poll is repeated. `more`
    asks for the next page at once. `remember` is stored for the connector itself; None deletes a value. `features` are
    features of the town's layers, and `whole` completes the listing of one: they are stored together with `cursor`,
    and an unchanged feature is not a change.
    """

    updates: tuple[Update, ...] = ()
    cursor: str = ""
    more: bool = False
    remember: dict[str, Any] = {}
    features: tuple[Feature | Gone, ...] = ()
    whole: tuple[Whole, ...] = ()


class Checked(Struct, frozen=True, kw_only=True):
    """One of the three results of a check: are the settings complete, does the system answer, does it accept our
    credentials.
    """

    code: CheckCode
    ok: bool
    said: Text


class Theirs(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record of the other system: its number, our reference if it has one, and news that we missed, if any."""

    external_reference: str
    reference: str = ""
    update: Update | None = None


Deliver = Callable[[Any, ServiceRequest, Connection], Awaitable[Outcome | None]]
Changes = Callable[[Connection, str], Awaitable[News]]
Understand = Callable[[SignedCall], Awaitable[tuple[Update, ...]]]
Check = Callable[[Connection], Awaitable[tuple[Checked, ...]]]
Listed = Callable[[Connection, datetime, datetime], Awaitable[tuple[Theirs, ...]]]
Trial = Callable[[Connection], Awaitable[str]]


class Connector(Struct, frozen=True, kw_only=True):
    """Another system, and what can be done with it.

    `name` is unique in the installation and stays the same from release to release: deliveries wait under it, and
    what the other system calls a request is kept under it. `address` is where the system is, for operators to read.
    Events of one request come one after the other; `types` and `towns` narrow them down (empty: all). A connector with
    `Amended` also receives it when a request gets another type, whichever that is: it may have a record of the request.
    `layers` names the layers that it keeps up to date for these towns; it may do so without subscribing to any event.
    `files_here_as` is the name of the key with which the other system files here what went to it and comes back.

    `deliver` tells the other system of an event. `changes` is polled `every` so often with the cursor it gave last
    ("" at first). `understand` believes a call that came in (`POST /api/v1/connectors/<name>/calls`) or raises
    `Refused`. `check` answers in three steps whether all is well. `listed` names what the other system holds of a
    period, to compare. `trial` sends something harmless and answers what came back. Each is called outside any
    transaction, within `pace.seconds`; raises `Later` when the system is away and `Refused` when it says no.
    """

    name: str
    title: Text
    address: str
    deliver: Deliver
    events: tuple[type[Event], ...]
    needs: tuple[Need, ...] = ()
    types: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    pace: Pace = Pace()
    mappings: tuple[Mapped, ...] = ()
    changes: Changes | None = None
    every: timedelta = timedelta(minutes=1)
    understand: Understand | None = None
    check: Check | None = None
    listed: Listed | None = None
    trial: Trial | None = None
    layers: tuple[str, ...] = ()
    files_here_as: str = ""

    def wants(self, event: Event, request_type: str, town: str = "") -> bool:
        """Whether this connector receives `event` about a request of that type in that town."""
        heard = bool(self.events) and isinstance(event, (*self.events, Resent))
        may_have_been_ours = isinstance(event, Amended) and "type" in event.changed
        return heard and (self.serves(request_type, town) or (may_have_been_ours and self._is_in(town)))

    def serves(self, request_type: str, town: str = "") -> bool:
        """Whether it handles requests of that type in that town."""
        return (not self.types or request_type in self.types) and self._is_in(town)

    def _is_in(self, town: str) -> bool:
        return not self.towns or not town or town in self.towns
