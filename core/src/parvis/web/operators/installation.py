"""What runs by itself and what it was told: circuits, chores, settings with their origin, loose ends of the towns."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from parvis import clock, i18n
from parvis.chores import Chore, chores_of_modules
from parvis.i18n import gettext, pgettext
from parvis.installation import ChoreRun, ran
from parvis.outbox import circuits
from parvis.outbox.clock_watch import APART, confirm, standing
from parvis.requests.offered import brought
from parvis.settings import listing
from parvis.web.links import PageLink
from parvis.web.operators.context import CHORES, CIRCUITS, CLOCK, SETTINGS, AtOperations, OperatorContext
from parvis.web.operators.measures import feel
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed


@get(CIRCUITS)
async def show_circuits(request: AnyRequest) -> Response[Any]:
    """Subscribers that failed the last time, and until when they are left alone."""
    paused = await circuits.pauses()
    states = await circuits.states()
    return OperatorContext(request).show("circuits.html", circuits=states, paused=paused, now=clock.now())


@get(CHORES)
async def show_chores(request: AnyRequest) -> Response[Any]:
    """When each recurring task last ran and what it said."""
    pulse = await feel(request.app.state.deployment.host.engine, request.app.state.began)
    room = OperatorContext(request)
    brought = {each.name: each for each in chores_of_modules(room.host.modules.registry, room.host)}
    now = clock.now()
    return room.show(
        "chores.html",
        chores=[(each, _next_turn(brought.get(each.name), each, now)) for each in await ran()],
        name_of=lambda name: i18n.say(brought[name].title) if name in brought else chore_name(name),
        pulse=pulse,
        now=now,
    )


def _next_turn(chore: Chore | None, run: ChoreRun, now: datetime) -> datetime | None:
    """When a chore of a module or a plugin is due the next time; of the core’s own the worker alone knows."""
    return chore.next_turn(run.ran_at, run.has_failed, now) if chore else None


@get(CLOCK)
async def show_clock(room: AtOperations) -> Response[Any]:
    """What this machine, the database and the workers say of the time, and what waits for somebody's word."""
    return room.show("clock.html", known=await standing(room.host.engine))


@post(CLOCK, status_code=200)
async def confirm_clock(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """Record that an operator confirms the time shown on the page; an older page, with another time, is refused."""
    sent = await typed(request)
    known = await standing(room.host.engine)
    shown = sent.text("shown")
    if not shown.isdecimal() or abs(known.now.timestamp() - int(shown[:15])) > APART.total_seconds():
        return room.show("clock.html", status=409, known=known, old=True)
    await confirm(room.host.engine, room.person.name)
    room.note("confirm clock")
    return Redirect(f"{CLOCK}?fait=confirmee#main", status_code=303)


@get(SETTINGS)
async def show_settings(room: AtOperations) -> Response[Any]:
    """Every setting as it may be shown, where it comes from, and what the towns name in vain."""
    return room.show(
        "settings.html",
        lines=listing(room.deployment.settings),
        ends=room.deployment.to_mend,
        towns=tuple(room.host.jurisdictions.by_code.values()),
        origins={"default": pgettext("setting", "default"), "command line": pgettext("setting", "command line")},
        regimes={
            "french_only": gettext("French only"),
            "english_on_declaration": gettext("French; English on declaration"),
            "bilingual": gettext("French and English"),
        },
        types_of=lambda town: len(brought(room.host, town)),
    )


def chore_name(name: str) -> str:
    return {
        "batches": gettext("Bulk actions left unfinished"),
        "deliveries": gettext("Old completed deliveries"),
        "addresses": gettext("Check of public addresses"),
        "drafts": gettext("Old drafts and unsent files"),
        "emergencies": gettext("Late urgent messages sent by another channel"),
        "heartbeat": gettext("Heartbeat"),
        "looks": gettext("Old lines of the access log"),
        "measures": gettext("Figures for older requests"),
        "parked": gettext("Deliveries for a removed plugin"),
        "promises": gettext("Missed promises"),
        "reports": gettext("Email reports"),
        "sessions": gettext("Expired sessions and sign-in attempts"),
        "modules": gettext("Requests waiting for a module that is off"),
        "plugins": gettext("Response times for a missing plugin"),
        "sounds": gettext("Phonetic index of existing names"),
        "timers": gettext("Automatic steps that are due"),
        "writers": gettext("Traces of who was writing"),
    }.get(name, name)


LINKS = (
    PageLink(slot="operators.menu", path=CIRCUITS, after="/exploitation/livraisons", text=lambda: gettext("Circuits")),
    PageLink(slot="operators.menu", path=CHORES, after="/exploitation/circuits", text=lambda: gettext("Chores")),
    PageLink(slot="operators.menu", path=CLOCK, after="/exploitation/taches", text=lambda: gettext("Clock")),
    PageLink(slot="operators.menu", path=SETTINGS, after="/exploitation/extensions", text=lambda: gettext("Settings")),
)
