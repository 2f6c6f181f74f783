"""In the demo, the operator has granted what its own town's plugins ask for: what they propose waits for people."""

from parvis.people.agents import Person
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis_proposals.granting import asking, decide_scope, is_granted

TOWN, ROLE, WHY = "parvis", "operator", "Démonstration / Demonstration"


async def begin(host: Host, staff: tuple[Person, ...]) -> None:
    """Where the demo's own town is served, by somebody who runs it."""
    town = host.jurisdictions.get(TOWN)
    runs = (person for person in staff for grant in person.grants if (grant.jurisdiction, grant.role) == (TOWN, ROLE))
    who = next(runs, None)
    if town is None or who is None:
        return
    actor = Actor(kind="agent", id=who.id, name=who.name)
    for named in asking(host, town):
        if not await is_granted(town.code, named):
            await decide_scope(host, town, named, granted=True, actor=actor, reason=WHY)
