"""Which texts of requests each viewer may search, and which of the words typed leads to few requests."""

from parvis.db import Engine
from parvis.db.tables import ServiceRequest
from parvis.db.text_search import Part, Sought, Source, held_by_row, held_in, requests_with
from parvis.requests.visibility import Viewer, reads_persons

NOWHERE: Part = ("SELECT id FROM service_request WHERE 1 = 0", [])  # of a word that nothing holds
FEW = 5_000  # requests that are read one by one sooner than a list is walked


def sources_of(viewer: Viewer) -> tuple[Source, ...]:
    """What a viewer may search: nothing that their page of the request would hide from them."""
    if not viewer.is_staff:
        return ("inside",)
    of_persons: tuple[Source, ...] = ("personal", "contact") if viewer.kind == "system" or reads_persons(viewer) else ()
    return ("inside", *of_persons, "said")


def held_for(engine: Engine, viewer: Viewer, sought: Sought) -> Part:
    """The condition that a row of `service_request` holds what is sought where this viewer may search."""
    if viewer.kind == "public":
        return held_in(engine, "public_text", sought)
    return held_by_row(engine, sources_of(viewer), sought)


async def rarest(engine: Engine, sources: tuple[Source, ...], asked: tuple[Sought, ...]) -> Part | None:
    """The query of requests that hold the rarest of these words; None where every one is in too many, or too short.

    For the public it is asked of what the town's people may search, which holds all that the public may.
    """
    queries = [query for each in asked if (query := requests_with(engine, sources, each)) is not None]
    if not queries:
        return None
    counts = [
        f"(SELECT count(*) FROM (SELECT 1 FROM ({sql}) AS found LIMIT {FEW + 1}) AS few) AS word_{at}"  # noqa: S608 - ours
        for at, (sql, _) in enumerate(queries)
    ]
    values = [value for _, given in queries for value in given]
    row = (await ServiceRequest.raw(f"SELECT {', '.join(counts)}", *values))[0]
    fewest, at = min((row[f"word_{at}"], at) for at in range(len(queries)))
    if not fewest:
        return NOWHERE
    return queries[at] if fewest <= FEW else None
