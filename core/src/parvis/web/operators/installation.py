"""What runs by itself and what it was told: circuits, chores, settings with their origin, loose ends of the towns."""

from typing import Any

from litestar import Response, get

from parvis import clock
from parvis.i18n import gettext, pgettext
from parvis.insights.installation import ran
from parvis.outbox import circuits
from parvis.settings import listing
from parvis.web.operators.machines import measures_of
from parvis.web.operators.pulse import feel
from parvis.web.operators.room import CHORES, CIRCUITS, SETTINGS, Room
from parvis.web.pages import AnyRequest


@get(CIRCUITS)
async def show_circuits(request: AnyRequest) -> Response[Any]:
    """Subscribers that failed the last time, and until when they are left alone."""
    return Room(request).show("circuits.html", circuits=await circuits.states(), now=clock.now())


@get(CHORES)
async def show_chores(request: AnyRequest) -> Response[Any]:
    """When each recurring task last ran and what it said."""
    pulse = await feel(measures_of(request).began)
    return Room(request).show("chores.html", chores=await ran(), name_of=chore_name, pulse=pulse)


@get(SETTINGS)
async def show_settings(request: AnyRequest) -> Response[Any]:
    """Every setting as it may be shown, where it comes from, and what the towns name in vain."""
    room = Room(request)
    return room.show(
        "settings.html",
        lines=listing(room.host.settings),
        ends=room.host.to_mend,
        towns=tuple(room.host.territory.jurisdictions.values()),
        origins={"default": pgettext("setting", "default"), "command line": pgettext("setting", "command line")},
        regimes={
            "french_only": gettext("French only"),
            "english_on_declaration": gettext("French; English on declaration"),
            "bilingual": gettext("French and English"),
        },
        types_of=lambda town: len(room.host.house.types_of(town.plugins)),
    )


def chore_name(name: str) -> str:
    return {
        "timers": gettext("Moves whose time has come"),
        "promises": gettext("Promises that were broken"),
        "parked": gettext("Deliveries whose plugin is gone"),
        "retention": gettext("Personal data whose time is over"),
        "drafts": gettext("Old drafts and files nobody sent"),
        "deliveries": gettext("Deliveries done long ago"),
        "heartbeat": gettext("Heartbeat"),
        "alerts": gettext("Alerts by e-mail"),
        "sessions": gettext("Sessions and counted tries that are over"),
    }.get(name, name)
