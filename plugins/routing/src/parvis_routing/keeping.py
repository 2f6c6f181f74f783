"""What the core is told at the start: in towns that have this module, it decides whose each request is."""

from collections.abc import Collection, Iterator

from parvis.composition import Startup
from parvis.db.people_tables import Grant
from parvis.people.agents import as_id
from parvis.people.roles import permissions_of
from parvis.requests.routing import RequestRouter
from parvis_routing.deciding import route, units_of_rules
from parvis_routing.kept import NAME
from parvis_routing.persons import Assignable


def given(startup: Startup) -> Iterator[object]:
    """The rules in force, and which of the persons that they name may be given requests."""
    yield RequestRouter(module=NAME, route=route, units=units_of_rules)
    yield Assignable(_able_to_work)


async def _able_to_work(jurisdiction: str, ids: Collection[str]) -> frozenset[str]:
    """Those of these people whose account is open and who may work on requests of that town; in one statement."""
    known = [identifier for id in ids if (identifier := as_id(id)) is not None]
    if not known:
        return frozenset()
    table = Grant
    there = (table.jurisdiction == jurisdiction) & table.agent.is_in(known) & (table.agent.active == True)  # noqa: E712
    rows = await table.select(table.agent, table.role).where(there)
    return frozenset(str(row["agent"]) for row in rows if "work" in permissions_of(row["role"]))
