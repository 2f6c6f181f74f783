"""In the demo, people end each day by calling whom no message reaches."""

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import Person
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.viewers import viewer_of
from parvis_telephone.calls import calls_for, mark


async def evening(host: Host, staff: tuple[Person, ...]) -> None:
    """Make the calls that were due by now, and leave the later ones to the visitor of the demo."""
    for town in host.jurisdictions.by_code.values():
        caller = next((person for person in staff if _answers(person, town)), None)
        if caller is None:
            continue
        actor = Actor(kind="agent", id=caller.id, name=caller.name)
        for call in (await calls_for(host, viewer_of(caller), town)).calls:
            if call.due_at <= clock.now():
                await mark(host, call.record.reference, [each.id for each in call.owed], "told", actor=actor)


def _answers(person: Person, town: Jurisdiction) -> bool:
    """Whether they answer the telephone for the whole town."""
    return any(
        grant.jurisdiction == town.code and not grant.unit and grant.role in ("agent", "clerk", "manager")
        for grant in person.grants
    )
