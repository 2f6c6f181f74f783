"""Texts that hold words, read by an index of either engine, with the same answers on both.

`request_text` keeps what each request is found by, in three columns, and triggers keep it (step 2026-12-01 01:00).
PostgreSQL has one index of every three letters over them (pg_trgm, where it could be installed), SQLite another (FTS5);
both only say faster what `held_in` says of each row.
"""

from typing import Any, Literal, TypeAlias

from msgspec import Struct, structs

from parvis.db.engines import Engine

Source: TypeAlias = Literal["inside", "said", "persons"]
Part: TypeAlias = tuple[str, list[Any]]
SHORTEST = 3  # letters of a piece that an index knows
# An OFFSET makes a step of its own for PostgreSQL: what leads is planned as if all of it were wanted, and so by index,
# whatever else is asked and however few are taken; and of a list one row after the other is looked at.
ON_POSTGRES = "(SELECT * FROM request_text t WHERE {holds} OFFSET 0) AS t"
BESIDE_OTHERS = "(SELECT * FROM request_text t WHERE {holds}) AS t"
# PostgreSQL plans with the values five times, and then without where that seems no dearer: every word is rare then, and
# two letters are looked up by reading the whole index. With the value this is nothing; without, dearer than any plan.
PLANNED_ANEW: Part = ("({}::int = 0 OR (SELECT count(*) FROM request_text a CROSS JOIN request_text b) > 0)", [0])
ON_SQLITE = "(SELECT 1) CROSS JOIN request_text t ON {holds}"
BY_INDEX = "search_index CROSS JOIN request_text t ON t.number = search_index.rowid AND {holds}"
OF_ROW = "EXISTS (SELECT 1 FROM request_text t WHERE t.request = service_request.id AND {holds} LIMIT 1 OFFSET 0)"


class TextQuery(Struct, frozen=True, kw_only=True):
    """What one text must hold: all pieces of any of the `ways`, or something of any of the `shapes`.

    A shape has `_` where any letter may stand; what fits one holds all pieces of one of the `traces` as written.
    How a name `sounds` stands in the text of persons alone.
    """

    ways: tuple[tuple[str, ...], ...]
    shapes: tuple[str, ...] = ()
    traces: tuple[tuple[str, ...], ...] = ()
    sounds: str = ""


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


def held_among(engine: Engine, sources: tuple[Source, ...], sought: TextQuery) -> Part:
    """The condition that one of these columns of a row `t` of `request_text` holds what is sought."""
    held = [held_in(engine, f"t.{source}", for_source(source, sought)) for source in sources]
    return f"({' OR '.join(sql for sql, _ in held)})", [value for _, values in held for value in values]


def led_to(engine: Engine, sources: tuple[Source, ...], asked: tuple[TextQuery, ...], *, alone: bool) -> Part:
    """What to read FROM: rows `t` that hold all of this, each in one of these columns; by index as far as it goes.

    Unless they lead `alone`, PostgreSQL may begin with what else is asked, or read on until enough are found: of one
    word it knows how many hold it, not of several together.
    """
    if engine.engine_type == "postgres":
        found = [_by_trigrams(engine, sources, sought) for sought in asked]
        return together(ON_POSTGRES if alone else BESIDE_OTHERS, [*found, PLANNED_ANEW])
    known = [sought for sought in asked if _is_known(sought)]
    held = [held_among(engine, sources, sought) for sought in asked if not _is_exact(sought, sources)]
    if not known:
        return together(ON_SQLITE, held)
    matched = " AND ".join(f"({_matched(sought)})" for sought in known)
    return together(BY_INDEX, [("search_index MATCH {}", [f"{{{' '.join(sources)}}} : ({matched})"]), *held])


def together(around: str, held: list[Part]) -> Part:
    """All of these conditions where `around` says `{holds}`."""
    holds = " AND ".join(sql for sql, _ in held)
    return around.replace("{holds}", holds), [value for _, values in held for value in values]


def _is_known(sought: TextQuery) -> bool:
    """Whether an index knows something of each of its ways."""
    return all(max(map(len, way)) >= SHORTEST for way in sought.ways)


def _is_exact(sought: TextQuery, sources: tuple[Source, ...]) -> bool:
    """Whether the index of SQLite answers all of it: the pieces of a way stand in the same text."""
    together = len(sources) == 1 or all(len(way) == 1 for way in sought.ways)
    return together and not sought.shapes and all(len(piece) >= SHORTEST for way in sought.ways for piece in way)


def for_source(source: Source, sought: TextQuery) -> TextQuery:
    """The same of one text: how a name sounds is a way in that of persons."""
    heard = source == "persons" and sought.sounds
    return structs.replace(sought, ways=(*sought.ways, (sought.sounds,))) if heard else sought


def _by_trigrams(engine: Engine, sources: tuple[Source, ...], sought: TextQuery) -> Part:
    if not sought.shapes:
        return held_among(engine, sources, sought)
    # An index that is asked for every shape reads half of itself: it leads to the traces, and those are read.
    held: list[Part] = []
    for source in sources:
        column, ways = f"t.{source}", for_source(source, sought).ways
        traced, traces = held_in(engine, column, TextQuery(ways=sought.traces))
        held += [held_in(engine, column, TextQuery(ways=ways))] if ways else []
        held.append((f"({traced} AND ({column} || '') ~ {{}})", [*traces, _any_of(sought.shapes)]))
    return f"({' OR '.join(sql for sql, _ in held)})", [value for _, values in held for value in values]


def _matched(sought: TextQuery) -> str:
    every = (*sought.ways, *sought.traces, *([(sought.sounds,)] if sought.sounds else ()))
    known = [[piece for piece in way if len(piece) >= SHORTEST] for way in every]
    return " OR ".join(f"({' AND '.join(map(_quoted, way))})" for way in known)


def _any_of(shapes: tuple[str, ...]) -> str:
    """The expression of PostgreSQL that fits what any of the shapes fits."""
    return "|".join(shapes).replace("_", ".")


def _anywhere(piece: str) -> str:
    escaped = piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _quoted(piece: str) -> str:
    doubled = piece.replace('"', '""')
    return f'"{doubled}"'
