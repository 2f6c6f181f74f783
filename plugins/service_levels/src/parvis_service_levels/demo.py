"""Service levels as a manager of the demo has put them in force, with a draft to try on what was promised."""

from functools import partial

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.levels import LevelRule
from parvis.people.agents import Person
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.offered import type_of
from parvis.unit_managers import chiefs_of
from parvis_rulesets.editing import adding
from parvis_rulesets.versions import Draft, change_draft, publish
from parvis_service_levels.alarm_letters import send_alarms
from parvis_service_levels.kept import LEVELS
from parvis_service_levels.raising import raise_due
from parvis_service_levels.staff import staff_of

TOWN, MANAGER = "parvis", "gestion@parvis.example"
WORD = "Au Plateau, les lampadaires attendent deux jours de plus en hiver"
LIGHTS = LevelRule(
    id="lights", type="street_light", level="standard", zones=("plateau",), seasons=("winter",), business_days=12
)
TRIED = LevelRule(id="holes", type="pothole", level="standard", business_days=3)


async def begin(host: Host, staff: tuple[Person, ...]) -> None:
    """A line of the manager's below those of the files, where the demo's own town is served with its reports."""
    town, actor = _there(host, staff)
    if town is None or actor is None:
        return
    draft = await change_draft(LEVELS, host, town, adding(LIGHTS), actor=actor)
    if isinstance(draft, Draft):
        await publish(LEVELS, host, town, WORD, edition=draft.edition, seen=0, actor=actor)


async def show(host: Host, staff: tuple[Person, ...]) -> None:
    """A draft that would promise fewer days."""
    town, actor = _there(host, staff)
    if town is not None and actor is not None:
        await change_draft(LEVELS, host, town, adding(TRIED), actor=actor)


async def evening(host: Host, staff: tuple[Person, ...]) -> None:
    """Warn of promises and take broken ones higher, as each evening of the past did."""
    await raise_due(host, partial(chiefs_of, host.engine))


async def morning(host: Host) -> None:
    """The mails of this morning about promises: of the past nobody keeps any."""
    await send_alarms(host, partial(staff_of, host.engine))


def _there(host: Host, staff: tuple[Person, ...]) -> tuple[Jurisdiction | None, Actor | None]:
    town, manager = host.jurisdictions.get(TOWN), next((one for one in staff if one.email == MANAGER), None)
    if town is None or manager is None or type_of(host, town, "street_light") is None:
        return None, None
    return town, Actor(kind="agent", id=manager.id, name=manager.name)
