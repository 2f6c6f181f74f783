"""How much waits for somebody of the town, for the menu of their desk: counted in one statement."""

from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.reach import Condition
from parvis.requests.heart import Heart
from parvis.requests.page_reports import reports_waiting
from parvis.requests.visibility import Viewer, scope_of
from parvis.requests.work.calls import MANY, owed_now
from parvis.territory import Jurisdiction


class Waiting(Struct, frozen=True, kw_only=True):
    """Calls and letters to make, and reported public pages; `MANY` stands for more."""

    calls: int = 0
    pages: int = 0


async def waiting_for(heart: Heart, viewer: Viewer, town: Jurisdiction, *, calls: bool, pages: bool) -> Waiting:
    """What waits for this viewer; only what is asked for is counted."""
    asked: dict[str, Condition] = {}
    if calls:
        asked["calls"] = owed_now(heart, viewer, town)
    if pages:
        asked["pages"] = reports_waiting(scope_of(viewer, town.code, heart.territory, "amend"), MANY)
    if not asked:
        return Waiting()
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS q) AS {name}" for name, (sql, _) in asked.items())  # noqa: S608
    rows = await ServiceRequest.raw(f"SELECT {counts}", *(value for _, given in asked.values() for value in given))
    return Waiting(**rows[0])
