"""An index of every three letters of what is searched; what was said before is brought into it."""

from typing import Any

import msgspec
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.finding_tables import Said
from parvis.folding import fold

ID = "2026-11-26T10:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "words are found by an index of every three letters"

FEW = 500
SPOKEN = """
SELECT id, request, personal FROM entry
WHERE personal IS NOT NULL AND audience IN ('public', 'requester', 'internal') AND kind <> 'submitted' AND {after}
ORDER BY id LIMIT {few}"""

ON_POSTGRES = (
    "CREATE INDEX service_request_words ON service_request USING gin (search_text gin_trgm_ops)",
    "CREATE INDEX service_request_personal ON service_request USING gin (personal_text gin_trgm_ops) "
    "WHERE personal_text <> ''",
    "CREATE INDEX contact_words ON contact USING gin (search_text gin_trgm_ops)",
    "CREATE INDEX said_words ON said USING gin (text gin_trgm_ops)",
)
MAY_BE_REFUSED = """
DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN NULL; END $$"""
PRESENT = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"

# Each text has a number of its own: those that SQLite gives to rows with another key change when a file is compacted.
ON_SQLITE = (
    "CREATE TABLE search_row (id INTEGER PRIMARY KEY, request UUID NOT NULL, source TEXT NOT NULL, part UUID NOT NULL, "
    "UNIQUE (part, source))",
    "CREATE INDEX search_row_request ON search_row (request)",
    "CREATE VIRTUAL TABLE search_index USING fts5(text, tokenize = 'trigram case_sensitive 1')",
)
TEXTS = (  # table, what names the row, its request, the column, its source
    ("service_request", "id", "id", "search_text", "inside"),
    ("service_request", "id", "id", "personal_text", "personal"),
    ("contact", "request", "request", "search_text", "contact"),
    ("said", "id", "request", "text", "said"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        await _keep_what_was_said()
        if Said._meta.db.engine_type == "postgres":
            await Said.raw(MAY_BE_REFUSED)
            statements = ON_POSTGRES if await Said.raw(PRESENT) else ()
        else:
            statements = (*ON_SQLITE, *(each for text in TEXTS for each in _kept_by_triggers(*text)))
        for statement in statements:
            await Said.raw(statement)

    manager.add_raw(index)
    return manager


def _kept_by_triggers(table: str, part: str, request: str, column: str, source: str) -> tuple[str, ...]:
    """What brings in the texts that are there, and the triggers that follow each change of them."""
    number = f"(SELECT id FROM search_row WHERE part = old.{part} AND source = '{source}')"
    brought = (
        f"INSERT INTO search_row (request, source, part) VALUES (new.{request}, '{source}', new.{part}); "
        f"INSERT INTO search_index (rowid, text) VALUES (last_insert_rowid(), new.{column});"
    )
    taken = f"DELETE FROM search_index WHERE rowid = {number}; DELETE FROM search_row WHERE id = {number};"
    again = (
        f"INSERT INTO search_row (request, source, part) SELECT new.{request}, '{source}', new.{part} "
        f"WHERE new.{column} <> ''; "
        f"INSERT INTO search_index (rowid, text) SELECT id, new.{column} FROM search_row "
        f"WHERE part = new.{part} AND source = '{source}';"
    )
    name = f"search_{source}"
    return (
        f"INSERT INTO search_row (request, source, part) SELECT {request}, '{source}', {part} FROM {table} "
        f"WHERE {column} <> ''",
        f"INSERT INTO search_index (rowid, text) SELECT w.id, t.{column} FROM search_row w JOIN {table} t "
        f"ON t.{part} = w.part WHERE w.source = '{source}'",
        f"CREATE TRIGGER {name}_made AFTER INSERT ON {table} WHEN new.{column} <> '' BEGIN {brought} END",
        f"CREATE TRIGGER {name}_changed AFTER UPDATE OF {column} ON {table} WHEN new.{column} <> old.{column} "
        f"BEGIN {taken} {again} END",
        f"CREATE TRIGGER {name}_gone AFTER DELETE ON {table} BEGIN {taken} END",
    )


async def _keep_what_was_said() -> None:
    after, values = "1 = 1", []
    while True:
        rows = await Said.raw(SPOKEN.replace("{after}", after).replace("{few}", str(FEW)), *values)
        for row in rows:
            words = msgspec.json.decode(row["personal"]).get("words", "")
            if words:
                said: dict[Any, Any] = {"id": row["id"], "request": row["request"], "text": fold(str(words))[:8000]}
                await Said.insert(Said(**said))
        if len(rows) < FEW:
            return
        after, values = "id > {}", [rows[-1]["id"]]
