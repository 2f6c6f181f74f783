"""Who of the persons that a rule names is given a request: each in turn, or who has the fewest open ones."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from parvis import clock
from parvis.db.advisory_locks import take_turn
from parvis.db.tables import ServiceRequest
from parvis.delegations import Delegation, away_at, delegations, stands_in
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis_routing.rules import Rule

FRESH = timedelta(seconds=5)  # how long a request may not know that somebody went away, came back or left
Able = Callable[[str, Collection[str]], Awaitable[frozenset[str]]]
"""Those of these people who may be given requests of that town."""


async def everybody(jurisdiction: str, ids: Collection[str]) -> frozenset[str]:
    """Without accounts, anyone named by a rule may be given requests."""
    return frozenset(ids)


@dataclass(frozen=True)
class Assignable:
    """Who keeps accounts says here who may be given requests."""

    among: Able = everybody


class Attendance(NamedTuple):
    """Who was there when it was last read: delegations, and who may be given requests of those that a rule may mean."""

    read_at: datetime
    delegations: tuple[Delegation, ...]
    able: frozenset[str]


class KnownAttendance(dict[tuple[str, tuple[str, ...]], Attendance]):
    """What this process last read, by town and the persons of a rule."""


async def draw(
    host: Host, town: Jurisdiction, rule: Rule, at: datetime, excluded_agents: Collection[str] = ()
) -> UUID | None:
    """The person, or None where none of them, nor a deputy, is there.

    Whose turn it is is taken before the request is kept, so that no request waits for another one; where it is then not
    kept after all, that turn is over.
    """
    known = await _attendance(host, town, rule)
    away, able = away_at(known.delegations, at), known.able - {*excluded_agents}
    present = tuple(dict.fromkeys(filter(None, (stands_in(each, away, able) for each in rule.persons))))
    if not present:
        return None
    loads = await _loads(present) if rule.share == "load" else {}

    def after(last: str) -> str:
        return min(in_turn(present, last, rule.persons), key=lambda each: loads.get(each, 0))

    following = {each: after(each) for each in dict.fromkeys((*rule.persons, *present))}
    return await take_turn(host.engine, f"{town.code}/{rule.id}", following, after(""))


async def _attendance(host: Host, town: Jurisdiction, rule: Rule) -> Attendance:
    """It is read again after some seconds, so that a request costs no statement for it."""
    kept, key, now = host.of(KnownAttendance), (town.code, rule.persons), clock.now()
    known = kept.get(key)
    if known is not None and timedelta(0) <= now - known.read_at < FRESH:
        return known
    standing = await delegations()
    asked = {*rule.persons, *(each.deputy for each in standing)} - {""}
    kept[key] = found = Attendance(now, standing, await host.of(Assignable).among(town.code, asked))
    return found


def in_turn(present: Sequence[str], last: str, persons: Sequence[str]) -> tuple[str, ...]:
    """The order of turns: after the last person who had one, who comes last.

    >>> in_turn(["ana", "zoe"], "luc", ["ana", "luc", "zoe"])
    ('zoe', 'ana')
    """
    if last in present:
        after = present.index(last) + 1
    else:  # away since: the one who follows them among all
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
