"""The public status page: whether requests are taken in, carried on and answered by message, in plain words."""

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from parvis import clock
from parvis.db import DatabaseTrouble
from parvis.http_client import Clients
from parvis.i18n import gettext
from parvis.outbox import circuits, heartbeat
from parvis.outbox.heartbeat import Beats, beats, can_write
from parvis.plugins.trying import Success
from parvis.requests.host import Host
from parvis.web.addresses import in_each, patterns
from parvis.web.pages import FooterLink, render
from parvis.web.panels import tried
from parvis.web.portal.visit import AtPortal
from parvis.web.system_status import System, SystemSource

AnyRequest = Request[Any, Any, Any]
KEPT = 10.0  # seconds; a caller who asks more often gets the same answer
PATIENCE = 3.0


class ServiceStatus(Struct, frozen=True, kw_only=True):
    """How things are at one moment. None where nothing is known yet, as of an installation that has just begun."""

    at: datetime
    taken_in: bool
    carried_on: bool | None = None
    carried: datetime | None = None
    messages: bool | None = None
    mailed: datetime | None = None
    systems: tuple[System, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing is known to be wrong."""
        return (
            self.taken_in
            and all(each is not False for each in (self.carried_on, self.messages))
            and not any(not each.well for each in self.systems)
        )


class StatusWatch:
    """Reads the status for one application, at most once in a few seconds, however many ask."""

    def __init__(self, host: Host, sources: Iterable[SystemSource] = ()) -> None:
        self.host, self.sources = host, tuple(sources)
        self._one = asyncio.Lock()
        self._seen: ServiceStatus | None = None
        self._until = 0.0

    async def look(self) -> ServiceStatus:
        async with self._one:
            if self._seen is None or time.monotonic() >= self._until:
                self._seen = await see(self.host, self.sources)
                self._until = time.monotonic() + KEPT
            return self._seen


async def see(host: Host, sources: Iterable[SystemSource] = ()) -> ServiceStatus:
    """How things are now: an intake is written and undone, the last heartbeats and the circuits are read."""
    try:
        async with asyncio.timeout(PATIENCE):
            taken_in = await can_write(host.engine)
            last = await beats(mail_wanted=bool(host.of(Clients).outgoing.heartbeat))
            resting = {each.subscriber for each in await circuits.states() if each.is_open}
            shown = await shown_systems(host, sources) if host.of(Clients).outgoing.shown else ()
    except (TimeoutError, DatabaseTrouble):
        return ServiceStatus(at=clock.now(), taken_in=False)
    now = clock.now()
    return ServiceStatus(
        at=now,
        taken_in=taken_in,
        carried_on=last.is_carried(now) if last.written else None,
        carried=last.carried,
        messages=_leave(last, now, resting),
        mailed=last.mailed,
        systems=shown,
    )


async def shown_systems(host: Host, sources: Iterable[SystemSource]) -> tuple[System, ...]:
    """What modules show that some town has; one that cannot say it shows nothing."""
    found: list[System] = []
    for each in sources:
        if host.modules.anywhere(each.owner, host.jurisdictions.by_code.values()):
            done = await tried(each.owner, each.name, partial(each.systems, host))
            found += done.value if isinstance(done, Success) else ()
    return tuple(found)


def _leave(last: Beats, now: datetime, resting: set[str]) -> bool | None:
    """Whether messages leave: their channel is not left alone, a worker carries, and heartbeats by mail arrive."""
    if heartbeat.MAIL in resting:
        return False
    if last.written is None:
        return None
    return last.is_carried(now) and last.is_mailed(now)


@get(patterns(":status"), name="status")
async def show_status(here: AtPortal, request: AnyRequest) -> Response[Any]:
    state = request.app.state
    watching: StatusWatch | None = state.get("watching")
    if watching is None or watching.host is not here.host:
        watching = state.watching = StatusWatch(here.host, state.nouns.of(SystemSource, "portal.status"))
    seen = await watching.look()
    return render(
        request,
        "service_status/status.html",
        seen=seen,
        systems=[each for each in seen.systems if here.town.code in each.towns],
        headers={"x-robots-tag": "noindex"},
        alternates=in_each(here.town.languages, ":status"),
    )


FOOTER = FooterLink(
    name="status", steps=(":status",), text=lambda: gettext("Service status"), when=lambda host, town: True
)
