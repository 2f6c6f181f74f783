"""What panels of plugins show of a request: asked side by side, each on its own thread, all within one limit.

Nothing is asked of the database where no panel is for who looks.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import httpx
import structlog
from msgspec import Struct, structs

from parvis import clock
from parvis.http_client import Clients
from parvis.outbox import memory
from parvis.plugins.guarding import guard_of
from parvis.plugins.registry import NamedPanel, module_of
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import HUNG, Failure, attempt
from parvis.requests.host import Host
from parvis.requests.locating import Circuits
from parvis.requests.panel_views import view_for_panel
from parvis.requests.records import Record
from parvis.requests.visibility import RequestView, Viewer
from parvis.troubles import Trouble, Words
from parvis_sdk.connectors import Connection, Pace
from parvis_sdk.contents import Content, bounded, content_mistakes
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import where_function_is
from parvis_sdk.panels import SECONDS, Viewers
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.text import Text

GRACE = 0.1  # seconds in which a thread is asked where it stands
PACE = Pace(at_once=8, seconds=SECONDS)
VIEWERS: dict[str, Viewers] = {"public": "public", "holder": "requester"}
LEFT_OFF = Text(
    fr="ce panneau manque aux pages des requêtes; le reste de la page est montré",
    en="this panel is missing from the pages of requests; the rest of the page is shown",
)
BE_QUICK = Text(
    fr="répondez de ce qui est retenu de la requête, et laissez les appels à un connecteur",
    en="answer from what is remembered of the request, and leave calls to a connector",
)
CORRECT = Text(fr="corrigez la fonction show du panneau", en="correct the function show of the panel")
Said = tuple[Content, ...] | Trouble
log = structlog.get_logger("parvis.panels")


class PanelAnswer(Struct, frozen=True, kw_only=True):
    """One panel, and what it shows of this request; or that it is missing."""

    panel: NamedPanel
    contents: tuple[Content, ...] = ()
    is_missing: bool = False


class PanelCircuits(Circuits):
    """How each panel has been doing in this process: one that fails again and again slows no more pages for a while."""


class PanelTroubles:
    """What was last wrong with each panel in this process, until it works again."""

    def __init__(self) -> None:
        self._by_name: dict[str, Trouble] = {}

    def __iter__(self) -> Iterator[Trouble]:
        return iter(tuple(self._by_name.values()))

    def seen(self, name: str, trouble: Trouble) -> None:
        self._by_name[name] = trouble
        log.error("panel", name=name, where=trouble.where, trouble=str(trouble.what))

    def over(self, name: str) -> None:
        self._by_name.pop(name, None)


async def asked_panels(host: Host, record: Record, shown: RequestView, viewer: Viewer) -> tuple[PanelAnswer, ...]:
    """The panels that have something to show to who looks, in the order of their names, and those that should have."""
    now, circuits = clock.now(), host.of(PanelCircuits)
    panels = panels_here(host, record, viewer)
    told = {
        each.name: await _told(host, each, record, shown, viewer)
        for each in panels
        if not circuits.is_open(each.name, now)
    }
    said = await _side_by_side(host, [each for each in panels if each.name in told], told)
    answers = [
        _noted(host, each, said[each.name]) if each.name in told else PanelAnswer(panel=each, is_missing=True)
        for each in panels
    ]
    return tuple(each for each in answers if each.contents or each.is_missing)


async def _side_by_side(
    host: Host, panels: Sequence[NamedPanel], told: Mapping[str, tuple[ServiceRequest, Connection]]
) -> dict[str, Said | None]:
    """What each answered by its name; None of who did not in time."""
    asking = {each.name: asyncio.ensure_future(_asked(host, each, *told[each.name])) for each in panels}
    try:
        if asking:
            await asyncio.wait(asking.values(), timeout=SECONDS + GRACE)
        return {name: task.result() if task.done() and not task.cancelled() else None for name, task in asking.items()}
    finally:
        for task in asking.values():
            task.cancel()


def panels_here(host: Host, record: Record, viewer: Viewer) -> tuple[NamedPanel, ...]:
    """The panels for who looks; none of a request whose person was erased.

    A party, who was let into a request by its requester, has those that need nothing more of it.
    """
    if record.erased_at is not None or not host.plugins.panels:
        return ()
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    found = host.plugins.panels_for(VIEWERS.get(viewer.kind, "desk"), record.type, town.plugins)
    return tuple(each for each in found if not (viewer.role and each.panel.needs))


def keeper_of(host: Host, named: NamedPanel) -> str:
    """By whose memory a panel is filled: that of a connector of its own plugin, never of another’s."""
    own = host.plugins.by_name[named.origin.name].connectors
    return named.panel.connector if named.panel.connector in own else named.origin.name


def client_of(host: Host, named: NamedPanel) -> httpx.AsyncClient:
    """The client of the panels of a plugin, which speaks to the hosts that it declares."""
    return host.of(Clients).of(f"panel:{named.origin.name}", PACE, guard_of(host.plugins.by_name[named.origin.name]))


async def _told(
    host: Host, named: NamedPanel, record: Record, shown: RequestView, viewer: Viewer
) -> tuple[ServiceRequest, Connection]:
    """What a panel is given, all of it fetched here: code of a plugin never asks the database."""
    keeper = keeper_of(host, named)
    request = await view_for_panel(host, record, named.panel.needs, keeper, shown, viewer)
    lent = Connection(
        http=client_of(host, named),
        now=clock.now(),
        remembered=await memory.recall_all(keeper),
    )
    return request, lent


async def _asked(host: Host, named: NamedPanel, request: ServiceRequest, lent: Connection) -> Said:
    plugin = host.plugins.by_name[named.origin.name]
    done = await attempt(
        partial(_shown, host, named, request, lent),
        SECONDS,
        function=named.panel.show,
        module=module_of(plugin.module),
        threads=host.given(PluginThreads),
    )
    if isinstance(done, Failure):
        return _trouble(named, done.where, done.what, BE_QUICK if done.kind in ("hung", "blocked") else CORRECT)
    if isinstance(done.value, DeclarationMistake):
        where = where_function_is(named.panel.show, module_of(plugin.module))
        return _trouble(named, f"{where} · {done.value.where}", done.value.what, done.value.now_what)
    return done.value


async def _shown(
    host: Host, named: NamedPanel, request: ServiceRequest, lent: Connection
) -> tuple[Content, ...] | DeclarationMistake:
    """On the thread of the plugin, where looking over a long answer also belongs."""
    client = client_of(host, named)
    answer = await named.panel.show(request, structs.replace(lent, http=client))
    return next(content_mistakes(answer), None) or bounded(answer)


def _noted(host: Host, named: NamedPanel, answer: Said | None) -> PanelAnswer:
    if isinstance(answer, tuple):
        host.of(PanelCircuits).worked(named.name)
        host.of(PanelTroubles).over(named.name)
        return PanelAnswer(panel=named, contents=answer)
    host.of(PanelCircuits).failed(named.name, clock.now())
    plugin = host.plugins.by_name[named.origin.name]
    where = where_function_is(named.panel.show, module_of(plugin.module))
    late = _trouble(named, where, HUNG.format(seconds=SECONDS), BE_QUICK)
    host.of(PanelTroubles).seen(named.name, answer or late)
    return PanelAnswer(panel=named, is_missing=True)


def _trouble(named: NamedPanel, where: str, what: Words, now_what: Words) -> Trouble:
    return Trouble(
        who=str(named.origin),
        where=" · ".join(part for part in ("panels()", f"panel {named.panel.code!r}", where) if part),
        what=what,
        so_what=LEFT_OFF,
        now_what=now_what,
        plugin=named.origin.name,
        severe=False,
    )
