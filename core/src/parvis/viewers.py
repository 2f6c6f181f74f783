"""From somebody signed in to the viewer whose rights decide what they see."""

from msgspec import structs

from parvis.access_scope import Reach
from parvis.modules import Right
from parvis.people.agents import Person, get_agent
from parvis.people.roles import RIGHTS, permissions_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.remaining_parts import is_there
from parvis.requests.visibility import Viewer, may
from parvis_sdk.text import Text

OPENS = Text(fr="ouvrir la page «\u00a0{page}\u00a0»", en="open the page “{page}”")


def viewer_of(person: Person, host: Host | None = None) -> Viewer:
    """What each grant allows, where; without `host` only by the rights of the core, not by those of modules."""
    return Viewer(
        kind="agent",
        id=person.id,
        name=person.name,
        reaches=tuple(
            Reach(
                permissions=permissions_of(grant.role, rights_in(host, grant.jurisdiction) if host else RIGHTS),
                jurisdiction=grant.jurisdiction,
                unit=grant.unit,
                zones=frozenset(grant.zones),
            )
            for grant in person.grants
        ),
    )


def rights_in(host: Host, jurisdiction: str) -> tuple[Right, ...]:
    """Those of the core, and those that modules and plugins of a town add; none of these where it is not served."""
    town = host.jurisdictions.get(jurisdiction)
    named = ((each.name, right) for each in host.modules.registry.modules for right in each.module.rights)
    pages = host.plugins.pages_for("desk", town.plugins) if town else ()
    return (
        *RIGHTS,
        *(right for name, right in named if town and is_there(host, town, name, right.remains)),
        *(Right(name=each.name, title=OPENS.format(page=each.page.title), roles=each.page.roles) for each in pages),
    )


async def viewer_of_agent(host: Host, id: str) -> Viewer | None:
    """The same by the id of an account; nobody once it is closed."""
    person = await get_agent(host.engine, id)
    return viewer_of(person, host) if person is not None and person.active else None


def permissions_in(viewer: Viewer, jurisdiction: str) -> frozenset[str]:
    """Everything the viewer may do somewhere in this jurisdiction: which pages and buttons there are at all."""
    return frozenset[str]().union(
        *(reach.permissions for reach in viewer.reaches if reach.jurisdiction == jurisdiction)
    )


def can_work(person: Person, jurisdiction: str) -> bool:
    """Whether requests of this jurisdiction can be given to somebody."""
    return person.active and "work" in permissions_in(viewer_of(person), jurisdiction)


def taking_refused(host: Host, person: Person, record: Record, unit: str) -> Text | None:
    """Why a request cannot be given to somebody in that unit, with both named; None where they can take it."""
    there = host.jurisdictions.jurisdiction(record.jurisdiction).unit(unit)
    if person.active and may(viewer_of(person, host), "work", structs.replace(record, unit=unit), host.jurisdictions):
        return None
    words = Text(
        fr="{name} ne peut pas travailler sur cette requête dans l’unité «\u00a0{unit}\u00a0».",
        en="{name} cannot work on this request in the unit “{unit}”.",
    )
    return words.format(name=person.name, unit=there.name if there else unit)
