"""Who of the persons that a rule names is given a request: each in turn, or who has the fewest open ones."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.db.advisory_locks import remember_turn, turn_of
from parvis.db.tables import ServiceRequest
from parvis.delegations import away_at, delegations, stands_in
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis_routing.rules import Rule

Able = Callable[[str, Collection[str]], Awaitable[frozenset[str]]]
"""Those of these people who may be given requests of that town."""


async def everybody(jurisdiction: str, ids: Collection[str]) -> frozenset[str]:
    """Where nobody keeps accounts, whoever is named may be given requests."""
    return frozenset(ids)


@dataclass(frozen=True)
class Assignable:
    """Who keeps accounts says here who may be given requests."""

    among: Able = everybody


async def draw(
    host: Host, town: Jurisdiction, rule: Rule, at: datetime, excluded_agents: Collection[str] = ()
) -> UUID | None:
    """Inside the transaction that takes the request in: the person, or None where none of them, nor a deputy, is there.

    Of two requests at once the second waits for the first to be kept, so that it sees whose turn it was.
    """
    key = f"{town.code}/{rule.id}"
    last = await turn_of(host.engine, key)
    away = away_at(await delegations(), at)
    able = await host.of(Assignable).among(town.code, {*rule.persons, *away.values()} - {"", *excluded_agents})
    present = tuple(dict.fromkeys(filter(None, (stands_in(each, away, able) for each in rule.persons))))
    if not present:
        return None
    order = in_turn(present, str(last) if last else "", rule.persons)
    loads = await _loads(order) if rule.share == "load" else {}
    person = UUID(min(order, key=lambda each: loads.get(each, 0)))
    await remember_turn(key, person)
    return person


def in_turn(present: Sequence[str], last: str, persons: Sequence[str]) -> tuple[str, ...]:
    """Who comes next, and then who; whoever was last comes last.

    >>> in_turn(["ana", "zoe"], "luc", ["ana", "luc", "zoe"])
    ('zoe', 'ana')
    """
    if last in present:
        after = present.index(last) + 1
    else:  # away since: whoever follows them among all
        before = persons[: persons.index(last)] if last in persons else ()
        after = sum(each in present for each in before)
    return (*present[after:], *present[:after])


async def _loads(persons: Sequence[str]) -> Mapping[str, int]:
    marks = ", ".join(["{}"] * len(persons))
    rows = await ServiceRequest.raw(
        "SELECT assignee, count(*) AS open FROM service_request "  # noqa: S608 - only marks
        f"WHERE assignee IN ({marks}) AND phase <> 'closed' GROUP BY assignee",
        *(UUID(each) for each in persons),
    )
    return {str(UUID(str(row["assignee"]))): row["open"] for row in rows}
