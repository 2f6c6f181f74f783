"""From somebody signed in to the viewer that the heart asks about."""

from uuid import UUID

from parvis.db import Engine
from parvis.modules import Right
from parvis.people.agents import Person, agents, get_agent
from parvis.people.roles import RIGHTS, permissions_of
from parvis.reach import Reach
from parvis.requests.heart import Heart
from parvis.requests.promises.staff import Chief, Staff
from parvis.requests.visibility import Viewer


def viewer_of(person: Person, heart: Heart | None = None) -> Viewer:
    """What each grant allows, where; without the heart only by the rights of the core, not by those of modules."""
    return Viewer(
        kind="agent",
        id=person.id,
        name=person.name,
        reaches=tuple(
            Reach(
                permissions=permissions_of(grant.role, rights_in(heart, grant.jurisdiction) if heart else RIGHTS),
                jurisdiction=grant.jurisdiction,
                unit=grant.unit,
                zones=frozenset(grant.zones),
            )
            for grant in person.grants
        ),
    )


def rights_in(heart: Heart, jurisdiction: str) -> tuple[Right, ...]:
    """The rights of the core, and those that the modules of a town add."""
    return (*RIGHTS, *heart.modules.rights(heart.territory.get(jurisdiction)))


async def viewer_of_agent(heart: Heart, id: str) -> Viewer | None:
    """The same by the id of an account; nobody once it is closed."""
    person = await get_agent(heart.engine, id)
    return viewer_of(person, heart) if person is not None and person.active else None


async def chiefs_of(engine: Engine, jurisdiction: str) -> dict[str, tuple[Chief, ...]]:
    """Who answers for each unit of a town: those who may report on it by a grant of that very unit, where it holds."""
    found: dict[str, tuple[Chief, ...]] = {}
    for person in await agents(engine, jurisdiction):
        units: dict[str, list[frozenset[str]]] = {}
        for grant in person.grants if person.active else ():
            if grant.jurisdiction == jurisdiction and "report" in permissions_of(grant.role):
                units.setdefault(grant.unit, []).append(frozenset(grant.zones))
        for unit, zones in units.items():
            anywhere = frozenset[str]() if frozenset() in zones else frozenset[str]().union(*zones)
            found[unit] = (*found.get(unit, ()), Chief(UUID(person.id), person.name, anywhere))
    return found


async def staff_of(engine: Engine, id: UUID) -> Staff | None:
    """How to write to somebody, and what they may see; nobody once the account is closed."""
    person = await get_agent(engine, id)
    if person is None or not person.active:
        return None
    return Staff(email=person.email, language=person.language, viewer=viewer_of(person))


def permissions_in(viewer: Viewer, jurisdiction: str) -> frozenset[str]:
    """Everything the viewer may do somewhere in this jurisdiction: which doors and buttons there are at all."""
    return frozenset[str]().union(
        *(reach.permissions for reach in viewer.reaches if reach.jurisdiction == jurisdiction)
    )


def can_work(person: Person, jurisdiction: str) -> bool:
    """Whether requests of this jurisdiction can be given to somebody."""
    return person.active and "work" in permissions_in(viewer_of(person), jurisdiction)
