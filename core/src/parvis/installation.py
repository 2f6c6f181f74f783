"""What those who run the installation watch: when each chore last ran, and how many requests stand where."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from piccolo.query.functions import Count, Max

from parvis import clock
from parvis.db.tables import Chore, ServiceRequest
from parvis.troubles import Trouble, read_back

FAILED = "failed: "  # before why, in what a chore said
APART = timedelta(minutes=5)  # that the clocks of a town's machines may differ


class ChoreRun(Struct, frozen=True, kw_only=True):
    """When a chore last ran and what it said."""

    name: str
    ran_at: datetime | None
    said: str

    @property
    def has_failed(self) -> bool:
        return self.said.startswith(FAILED)

    @property
    def trouble(self) -> Trouble | None:
        """Why it failed, in the reader's language."""
        return read_back(self.said.removeprefix(FAILED)) if self.has_failed else None


class StateCount(Struct, frozen=True, kw_only=True):
    """So many requests of a jurisdiction in a state."""

    jurisdiction: str
    state: str
    count: int


async def ran() -> tuple[ChoreRun, ...]:
    """Every chore that some worker has taken up."""
    rows = await Chore.select(Chore.name, Chore.ran_at, Chore.said).order_by(Chore.name)
    return tuple(ChoreRun(**row) for row in rows)


async def last_run() -> datetime | None:
    """When any worker last did any chore: the sign that one is alive. A run that is still to come is none."""
    rows = await Chore.select(Max(Chore.ran_at, alias="at")).where(Chore.ran_at <= clock.now() + APART)
    return _instant(rows[0]["at"])


async def standing() -> tuple[StateCount, ...]:
    """All requests, counted by jurisdiction and state."""
    by = (ServiceRequest.jurisdiction, ServiceRequest.state)
    rows = await ServiceRequest.select(*by, Count(alias="count")).group_by(*by).order_by(*by)
    return tuple(StateCount(**row) for row in rows)


def _instant(value: Any) -> datetime | None:
    """SQLite answers an aggregate over times with text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
