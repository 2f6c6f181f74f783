"""Which texts of requests each viewer may search, and which of the words typed leads to few requests."""

from parvis.db import Engine
from parvis.db.tables import ServiceRequest
from parvis.db.text_search import Part, Source, TextQuery, held_by_row, held_in, requests_with
from parvis.requests.heart import Heart
from parvis.requests.visibility import Viewer, scope_of

NOWHERE: Part = ("SELECT id FROM service_request WHERE 1 = 0", [])  # of a word that nothing holds
OF_PERSONS: tuple[Source, ...] = ("personal", "contact", "said")
EVERY: tuple[Source, ...] = ("inside", *OF_PERSONS)
FEW = 5_000  # requests that are read one by one sooner than a list is walked


def sources_of(heart: Heart, viewer: Viewer, jurisdiction: str) -> tuple[Source, ...]:
    """What a viewer may search somewhere: nothing that their page of the request would hide from them."""
    return EVERY if scope_of(viewer, jurisdiction, heart.territory, "contacts").areas else _without_persons(viewer)


def _without_persons(viewer: Viewer) -> tuple[Source, ...]:
    """Machines read the story whether or not they are told who asked, as `sees_kind` has it."""
    return ("inside", "said") if viewer.kind == "token" else ("inside",)


def held_for(heart: Heart, viewer: Viewer, jurisdiction: str, sought: TextQuery) -> Part:
    """The condition that a row of `service_request` holds what is sought where this viewer may search."""
    if viewer.kind == "public":
        return held_in(heart.engine, "public_text", sought)
    persons = scope_of(viewer, jurisdiction, heart.territory, "contacts")
    if not persons.areas:
        return held_by_row(heart.engine, _without_persons(viewer), sought)
    if persons == scope_of(viewer, jurisdiction, heart.territory, "see"):
        return held_by_row(heart.engine, EVERY, sought)
    inside, values = held_by_row(heart.engine, _without_persons(viewer), sought)
    known, of_whom = persons.condition("service_request")
    held, more = held_by_row(heart.engine, OF_PERSONS, sought)
    return f"({inside} OR ({known} AND {held}))", [*values, *of_whom, *more]


async def rarest(engine: Engine, sources: tuple[Source, ...], asked: tuple[TextQuery, ...]) -> Part | None:
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
