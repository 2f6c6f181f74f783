"""Hearings as they stand: found by their request, listed for a town, written inside a transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis.access_scope import Scope
from parvis.db.tables import Row, ServiceRequest
from parvis.selection import Period, Where
from parvis_public_hearing.tables import Hearing

LISTED = """
SELECT h.*, r.reference, r.type FROM public_hearing_session h JOIN service_request r ON r.id = h.request
WHERE h.jurisdiction = {{}} AND {scope}{more} ORDER BY h.starts_at LIMIT 200
"""


class Called(Struct, frozen=True, kw_only=True):
    """One hearing of a request; its reference and type where it stands in a list of a town."""

    id: UUID
    request: UUID
    code: str
    state: Literal["called", "held"]
    starts_at: datetime
    place: str
    invited: str
    reference: str = ""
    type: str = ""


async def hearings_of(request: UUID) -> tuple[Called, ...]:
    """Every hearing of a request, the first one first."""
    rows = await Hearing.select().where(Hearing.request == request).order_by(Hearing.starts_at)
    return tuple(map(_called, rows))


async def hearing_of(request: UUID, code: str) -> Called | None:
    """The last hearing of one declared part."""
    return next((each for each in reversed(await hearings_of(request)) if each.code == code), None)


async def hearings_in(town: str, scope: Scope, period: Period | None = None, state: str = "") -> Sequence[Called]:
    """Those of a town that somebody may see, in the order of their days; in a period and a state where named."""
    condition, values = scope.condition("r")
    where = Where(values=[town, *values])
    if period is not None:
        where.add("h.starts_at >= {} AND h.starts_at < {}", period.since, period.until)
    if state:
        where.add("h.state = {}", state)
    more = "".join(f" AND {part}" for part in where.parts)
    rows = await ServiceRequest.raw(LISTED.format(scope=condition, more=more), *where.values)
    return [_called(row) for row in rows]


async def write(id: UUID, values: Row) -> None:
    """Inside a transaction: change the row of a hearing."""
    await Hearing.update(values).where(Hearing.id == id)


async def forget_invited(request: UUID) -> None:
    """Inside a transaction: who was invited goes."""
    await Hearing.update({Hearing.invited: ""}).where(Hearing.request == request)


def _called(row: dict[str, Any]) -> Called:
    return Called(**{name: row[name] for name in Called.__struct_fields__ if name in row})
