"""How much waits for somebody of the town, for the menu of their desk: counted in one statement."""

from collections.abc import Mapping

from parvis.access_scope import Condition
from parvis.db.tables import ServiceRequest

MANY = 100  # as many as anybody counts in a menu


async def counts_of(asked: Mapping[str, Condition]) -> dict[str, int]:
    """How many rows each of these queries has."""
    if not asked:
        return {}
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS q) AS n{at}" for at, (sql, _) in enumerate(asked.values()))  # noqa: S608
    rows = await ServiceRequest.raw(f"SELECT {counts}", *(value for _, given in asked.values() for value in given))
    return {name: rows[0][f"n{at}"] for at, name in enumerate(asked)}
