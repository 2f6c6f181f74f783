"""Turns: held until the transaction of the one before ends, as an advisory lock, or taken at once by each who comes."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from piccolo.querystring import QueryString

from parvis.db.engines import Engine, held
from parvis.db.upkeep_tables import RuleTurn

ON_SQLITE = (
    "INSERT INTO rule_turn (key, last) VALUES ({}, {}) ON CONFLICT (key) DO UPDATE SET "
    "last = coalesce(json_extract({}, '$.\"' || last || '\"'), excluded.last) RETURNING last"
)
ON_POSTGRES = (  # that the disk has it is not waited for: the next one waits for the end of this one
    "INSERT INTO rule_turn (key, last) SELECT CAST({} AS text), CAST({} AS uuid) "
    "FROM set_config('synchronous_commit', 'off', true) ON CONFLICT (key) DO UPDATE SET "
    "last = coalesce(CAST(CAST({} AS jsonb) ->> CAST(rule_turn.last AS text) AS uuid), excluded.last) RETURNING last"
)


async def turn_of(engine: Engine, key: str) -> UUID | None:
    """Inside a transaction: whose turn it was."""
    await RuleTurn.insert(RuleTurn(key=key, last=None)).on_conflict(target=RuleTurn.key, action="DO NOTHING")
    rows = await held(RuleTurn.select(RuleTurn.last).where(RuleTurn.key == key), engine)
    last: UUID | None = rows[0]["last"]
    return last


async def take_turn(engine: Engine, key: str, following: Mapping[str, str], first: str) -> UUID:
    """Whose turn it is: the one after the last, or `first` where nobody says who does; known from now on.

    In a statement of its own: what is then done with the turn keeps nobody waiting, and is not given back if it fails.
    """
    sql = ON_POSTGRES if engine.engine_type == "postgres" else ON_SQLITE
    rows = await engine.at_once(QueryString(sql, key, first, msgspec.json.encode(following).decode()))
    return UUID(str(rows[0]["last"]))
