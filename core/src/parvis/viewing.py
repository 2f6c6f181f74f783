"""From somebody signed in to the viewer that the heart asks about."""

from parvis.db import Engine
from parvis.people.agents import Person, get_agent
from parvis.people.roles import permissions_of
from parvis.reach import Reach
from parvis.requests.visibility import Viewer


def viewer_of(person: Person) -> Viewer:
    """What each grant allows, where."""
    return Viewer(
        kind="agent",
        id=person.id,
        name=person.name,
        reaches=tuple(
            Reach(
                permissions=frozenset[str](permissions_of(grant.role)),
                jurisdiction=grant.jurisdiction,
                unit=grant.unit,
                zones=frozenset(grant.zones),
            )
            for grant in person.grants
        ),
    )


async def viewer_of_agent(engine: Engine, id: str) -> Viewer | None:
    """The same by the id of an account; nobody once it is closed."""
    person = await get_agent(engine, id)
    return viewer_of(person) if person is not None and person.active else None


def permissions_in(viewer: Viewer, jurisdiction: str) -> frozenset[str]:
    """Everything the viewer may do somewhere in this jurisdiction: which doors and buttons there are at all."""
    return frozenset[str]().union(
        *(reach.permissions for reach in viewer.reaches if reach.jurisdiction == jurisdiction)
    )


def can_work(person: Person, jurisdiction: str) -> bool:
    """Whether requests of this jurisdiction can be given to somebody."""
    return person.active and "work" in permissions_in(viewer_of(person), jurisdiction)
