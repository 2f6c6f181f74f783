"""Counts how often an answer before filing was shown, was enough, and was overruled."""

from collections import defaultdict

from parvis.db.tables import Deflection


async def deflections(jurisdiction: str, type: str = "") -> dict[str, tuple[int, int, int]]:
    """The counts by answer: shown, settled, insisted; over all days, for one type or all."""
    found: dict[str, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for row in await Deflection.select().where(Deflection.jurisdiction == jurisdiction):
        if not type or row["type"] == type:
            told, settled, insisted = found[row["answer"]]
            found[row["answer"]] = told + row["told"], settled + row["settled"], insisted + row["insisted"]
    return dict(found)
