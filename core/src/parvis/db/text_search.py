"""Texts that hold words, read by an index of either engine, with the same answers on both.

PostgreSQL has an index of every three letters over each column (pg_trgm, where it could be installed); SQLite keeps
such an index (FTS5) of the same columns by triggers. Both only say faster what `held_in` says of each row.
"""

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from parvis.db.engines import Engine

Source: TypeAlias = Literal["inside", "personal", "contact", "said"]
Part: TypeAlias = tuple[str, list[Any]]
SHORTEST = 3  # letters of a piece that an index knows

# A confidential person is not to be found by name: the search would tell what the page hides.
OPEN_CONTACT = (
    "SELECT c.request FROM contact c JOIN service_request q ON q.id = c.request WHERE q.identity <> 'confidential'"
)
ON_POSTGRES: dict[Source, tuple[str, str]] = {
    "inside": ("SELECT q.id FROM service_request q WHERE true", "q.search_text"),
    "personal": ("SELECT q.id FROM service_request q WHERE q.personal_text <> ''", "q.personal_text"),
    "contact": (OPEN_CONTACT, "c.search_text"),
    "said": ("SELECT s.request FROM said s WHERE true", "s.text"),
}
# With an OFFSET PostgreSQL looks at one row after the other, and does not read a table whole before the first.
OF_ROW: dict[Source, tuple[str, str]] = {
    "inside": ("{}", "service_request.search_text"),
    "personal": ("{}", "service_request.personal_text"),
    "contact": (
        "(service_request.identity <> 'confidential' AND EXISTS "
        "(SELECT 1 FROM contact c WHERE c.request = service_request.id AND {} LIMIT 1 OFFSET 0))",
        "c.search_text",
    ),
    "said": ("EXISTS (SELECT 1 FROM said s WHERE s.request = service_request.id AND {} LIMIT 1 OFFSET 0)", "s.text"),
}


class TextQuery(Struct, frozen=True, kw_only=True):
    """What one text must hold: all pieces of any of the `ways`, or something of any of the `shapes`.

    A shape has `_` where any letter may stand; what fits one holds one of `traces` as it is written.
    """

    ways: tuple[tuple[str, ...], ...]
    shapes: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


def held_in(engine: Engine, column: str, sought: TextQuery) -> Part:
    """The condition that the text of a column holds what is sought."""
    if engine.engine_type == "postgres":
        holds = f"{column} LIKE {{}}"
        values: list[Any] = [_anywhere(piece) for way in sought.ways for piece in way]
    else:
        holds = f"instr({column}, {{}}) > 0"
        values = [piece for way in sought.ways for piece in way]
    ways = [" AND ".join([holds] * len(way)) for way in sought.ways]
    if not sought.shapes:
        return f"({' OR '.join(ways)})", values
    if engine.engine_type == "postgres":  # one automaton for all of them
        return f"({' OR '.join([*ways, f'{column} ~ {{}}'])})", [*values, _any_of(sought.shapes)]
    shapes = [f"{column} LIKE {{}}"] * len(sought.shapes)
    return f"({' OR '.join([*ways, *shapes])})", [*values, *(f"%{shape}%" for shape in sought.shapes)]


def held_by_row(engine: Engine, sources: tuple[Source, ...], sought: TextQuery) -> Part:
    """The condition that something of a row of `service_request` in these sources holds what is sought."""
    parts: list[str] = []
    values: list[Any] = []
    for source in sources:
        around, column = OF_ROW[source]
        condition, given = held_in(engine, column, sought)
        parts.append(around.replace("{}", condition))
        values += given
    return f"({' OR '.join(parts)})", values


def requests_with(engine: Engine, sources: tuple[Source, ...], sought: TextQuery) -> Part | None:
    """A query by index of the requests that hold it in these sources; None where no index knows so few letters."""
    if any(max(map(len, way)) < SHORTEST for way in sought.ways):
        return None
    return (
        _by_trigrams(engine, sources, sought) if engine.engine_type == "postgres" else _by_fts(engine, sources, sought)
    )


def _by_trigrams(engine: Engine, sources: tuple[Source, ...], sought: TextQuery) -> Part:
    parts: list[str] = []
    values: list[Any] = []
    for source in sources:
        query, column = ON_POSTGRES[source]
        condition, given = held_in(engine, column, TextQuery(ways=sought.ways))
        if sought.shapes:
            # An index that is asked for every shape reads half of itself: it leads to the traces, and those are read.
            traced, traces = held_in(engine, column, TextQuery(ways=tuple((trace,) for trace in sought.traces)))
            condition = f"({condition} OR ({traced} AND ({column} || '') ~ {{}}))"
            given = [*given, *traces, _any_of(sought.shapes)]
        parts.append(f"{query} AND {condition}")
        values += given
    return " UNION ALL ".join(parts), values


def _by_fts(engine: Engine, sources: tuple[Source, ...], sought: TextQuery) -> Part:
    known = [[piece for piece in way if len(piece) >= SHORTEST] for way in sought.ways]
    asked = [f"({' AND '.join(map(_quoted, way))})" for way in known] + [_quoted(trace) for trace in sought.traces]
    named = ", ".join(f"'{source}'" for source in sources)
    query = (
        "SELECT w.request FROM search_index CROSS JOIN search_row w ON w.id = search_index.rowid "  # noqa: S608 - ours
        f"WHERE search_index MATCH {{}} AND w.source IN ({named}) AND (w.source <> 'contact' OR "
        "(SELECT q.identity FROM service_request q WHERE q.id = w.request) <> 'confidential')"
    )
    values: list[Any] = [" OR ".join(asked)]
    if sought.shapes or any(len(way) < len(whole) for way, whole in zip(known, sought.ways, strict=True)):
        condition, more = held_in(engine, "search_index.text", sought)
        return f"{query} AND {condition}", values + more
    return query, values


def _any_of(shapes: tuple[str, ...]) -> str:
    """The expression of PostgreSQL that fits what any of the shapes fits."""
    return "|".join(shapes).replace("_", ".")


def _anywhere(piece: str) -> str:
    escaped = piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _quoted(piece: str) -> str:
    doubled = piece.replace('"', '""')
    return f'"{doubled}"'
