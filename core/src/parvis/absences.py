"""Who is away from work and who stands in for them; from deputy to deputy, never in a circle.

Rules give what comes in to who is there (requests), and who stands in may have the roles of who is away (people): so
this lies below both.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import Engine, insert_values
from parvis.db.absence_tables import Absence as AbsenceTable
from parvis.db.tables import Row
from parvis.db.turns import turn_of
from parvis.identifiers import new_id
from parvis.reach import Condition
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

KEY = "absences"
KEPT = timedelta(days=30)  # after its end
LONGEST = timedelta(days=730)
NOT_ONESELF = Text(fr="Personne ne se remplace soi-même.", en="Nobody stands in for themselves.")
CIRCLE = Text(
    fr="Pendant ces jours, cette personne est absente aussi, et ses remplacements ramènent à vous.",
    en="During these days that person is away too, and who stands in for them leads back to you.",
)
OVERLAPS = Text(fr="Une absence existe déjà pendant ces jours.", en="There is an absence during these days already.")
BACKWARDS = Text(fr="Le dernier jour vient avant le premier.", en="The last day comes before the first.")
TOO_LONG = Text(fr="Une absence dure deux ans au plus.", en="An absence lasts two years at most.")


class Absence(Struct, frozen=True, kw_only=True):
    """From one moment to just before another."""

    id: UUID
    agent: str
    deputy: str
    starts_at: datetime
    ends_at: datetime
    by: str
    lends: bool

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


async def declare(
    engine: Engine,
    agent: str,
    starts_at: datetime,
    ends_at: datetime,
    deputy: str = "",
    *,
    by: str,
    lends: bool = False,
) -> Problems | None:
    """Inside a unit: somebody is away; `deputy` gets what rules would give them, and where it `lends` has their roles.

    What ended long ago is forgotten with it.
    """
    if ends_at <= starts_at:
        return _wrong("last", BACKWARDS)
    if ends_at - starts_at > LONGEST:
        return _wrong("last", TOO_LONG)
    if deputy == agent:
        return _wrong("deputy", NOT_ONESELF)
    await _one_at_a_time(engine)
    others = [each for each in await absences() if each.overlaps(starts_at, ends_at)]
    if any(each.agent == agent for each in others):
        return _wrong("first", OVERLAPS)
    if deputy and leads_back(agent, deputy, others):
        return _wrong("deputy", CIRCLE)
    await insert_values(
        AbsenceTable,
        {
            "id": new_id(),
            "agent": UUID(agent),
            "deputy": UUID(deputy) if deputy else None,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "by": by[:120],
            "lends": lends and bool(deputy),
            "made_at": clock.now(),
        },
    )
    await AbsenceTable.delete().where(AbsenceTable.ends_at < clock.now() - KEPT)
    return None


async def _one_at_a_time(engine: Engine) -> None:
    """Two who name each other at once would make a circle that neither sees."""
    await turn_of(engine, KEY)


def leads_back(agent: str, deputy: str, absences: Collection[Absence]) -> bool:
    """Whether whoever stands in, one after the other, would be the person who is away."""
    seen, reached = set[str](), {deputy}
    while reached:
        if agent in reached:
            return True
        seen |= reached
        reached = {each.deputy for each in absences if each.agent in reached and each.deputy} - seen
    return False


async def come_back(id: UUID, agents: Collection[str]) -> Absence | None:
    """Inside a unit: an absence of one of these people ends now, or never begins; which, if there is any."""
    mine = (AbsenceTable.id == id) & AbsenceTable.agent.is_in([UUID(each) for each in agents])
    gone = await AbsenceTable.delete().where(mine).returning(*AbsenceTable.all_columns())
    return _absence(gone[0]) if gone else None


def lending(agent: str, at: datetime) -> Condition:
    """A part of a FROM, for a raw statement: beside who stands in the column `agent`, the absence `s` that lends their
    roles at a moment; none where nobody has them."""
    join = f"LEFT JOIN absence s ON s.agent = {agent} AND s.lends AND s.starts_at <= {{}} AND s.ends_at > {{}}"
    return join, [at, at]


async def absences() -> tuple[Absence, ...]:
    """Those that are not over yet, the first to begin first."""
    rows = (
        await AbsenceTable.select()
        .where(AbsenceTable.ends_at > clock.now())
        .order_by(AbsenceTable.starts_at, AbsenceTable.id)
    )
    return tuple(_absence(row) for row in rows)


def _absence(row: Row) -> Absence:
    return Absence(
        id=row["id"],
        agent=str(row["agent"]),
        deputy=str(row["deputy"]) if row["deputy"] else "",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        by=row["by"],
        lends=row["lends"],
    )


def away_at(found: Collection[Absence], at: datetime) -> dict[str, str]:
    """Who is away at a moment, with who stands in; "" where nobody does."""
    return {each.agent: each.deputy for each in found if each.starts_at <= at < each.ends_at}


def stands_in(agent: str, away: Mapping[str, str], able: Collection[str]) -> str:
    """The person, or whoever stands in for them in the end; "" where nobody is there.

    >>> stands_in("ana", {"ana": "luc", "luc": "zoe"}, {"ana", "luc", "zoe"})
    'zoe'
    """
    seen = set[str]()
    while agent and agent not in seen:
        if agent not in away:
            return agent if agent in able else ""
        seen.add(agent)
        agent = away[agent]
    return ""


def _wrong(path: str, message: Text) -> Problems:
    return Problems(found=(Problem(path=path, code="wrong", message=message),))
