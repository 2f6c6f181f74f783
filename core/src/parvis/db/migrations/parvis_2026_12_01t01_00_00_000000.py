"""One text for each request that is searched, with one index, in place of four: what its page says, notes, persons.

Triggers keep it, on PostgreSQL once at the end of a transaction, so a word that was removed elsewhere leaves it too.
"""

from typing import Any
from uuid import UUID

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

ID = "2026-12-01T01:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one text of each request to search in"
STOP_FIRST = "what is searched lies elsewhere from here on, and the version before finds nothing"
TOGETHER = 2_000  # requests that are filled in by one statement
PRESENT = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"

# A confidential person stays out of it: the search would tell what the page hides.
COMPOSED = """
INSERT INTO request_text (request, inside, said, persons)
SELECT q.id, q.search_text, COALESCE((SELECT {joined} FROM said s WHERE s.request = q.id), ''),
    q.personal_text || COALESCE((SELECT ' ' || c.search_text FROM contact c
    WHERE c.request = q.id AND q.identity <> 'confidential'), '')
FROM service_request q WHERE {which}"""
AGAIN = """
ON CONFLICT (request) DO UPDATE SET inside = excluded.inside, said = excluded.said, persons = excluded.persons
WHERE request_text.inside <> excluded.inside OR request_text.said <> excluded.said
    OR request_text.persons <> excluded.persons"""
PIECE = f"q.id > {{}} ORDER BY q.id LIMIT {TOGETHER}"
LAST = f"SELECT id FROM service_request WHERE id > {{}} ORDER BY id LIMIT {TOGETHER}"
FIRST = UUID(int=0)
ON_POSTGRES, ON_SQLITE = "string_agg(s.text, ' ' ORDER BY s.id)", "group_concat(s.text, ' ')"

TEXTS_OF_POSTGRES = (
    "CREATE TABLE request_text (request UUID PRIMARY KEY, inside TEXT NOT NULL, said TEXT NOT NULL, "
    "persons TEXT NOT NULL) WITH (parallel_workers = 0)",  # a search is too short to be shared
    "DROP INDEX IF EXISTS service_request_words",
    "DROP INDEX IF EXISTS service_request_personal",
    "DROP INDEX IF EXISTS said_words",
)
INDEX_OF_POSTGRES = (
    "CREATE INDEX request_text_words ON request_text "
    "USING gin (inside gin_trgm_ops, said gin_trgm_ops, persons gin_trgm_ops)"
)
KEEPING = f"""
CREATE FUNCTION keep_request_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one uuid;
    kept text := coalesce(current_setting('parvis.texts_kept', true), '');
BEGIN
    IF TG_TABLE_NAME = 'service_request' THEN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM request_text WHERE request = OLD.id;
            RETURN NULL;
        END IF;
        one := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        one := OLD.request;
    ELSE
        one := NEW.request;
    END IF;
    -- It runs when all is written: once is enough for a request, its contact and its words of one transaction.
    IF position(one::text IN kept) > 0 THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('parvis.texts_kept', left(one::text || kept, 36 * 8), true);
    PERFORM 1 FROM request_text WHERE request = one FOR UPDATE; -- what another has just written is read below
    {COMPOSED.format(joined=ON_POSTGRES, which="q.id = one")} {AGAIN};
    RETURN NULL;
END $$"""
COLUMNS = {
    "service_request": ("search_text", "personal_text", "identity"),
    "contact": ("search_text",),
    "said": ("text",),
}
TEXTS_OF_SQLITE = (
    *(
        f"DROP TRIGGER IF EXISTS search_{source}_{event}"
        for source in ("inside", "personal", "contact", "said")
        for event in ("made", "changed", "gone")
    ),
    "DROP TABLE IF EXISTS search_index",
    "DROP TABLE IF EXISTS search_row",
    # The number is its own: those that SQLite gives to rows with another key change when a file is compacted.
    "CREATE TABLE request_text (number INTEGER PRIMARY KEY, request UUID NOT NULL UNIQUE, inside TEXT NOT NULL, "
    "said TEXT NOT NULL, persons TEXT NOT NULL)",
)
NEW = "INSERT INTO search_index (rowid, inside, said, persons) VALUES (new.number, new.inside, new.said, new.persons);"
OLD = (
    "INSERT INTO search_index (search_index, rowid, inside, said, persons) "
    "VALUES ('delete', old.number, old.inside, old.said, old.persons);"
)
INDEX_OF_SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(inside, said, persons, content = 'request_text', "
    "content_rowid = 'number', tokenize = 'trigram case_sensitive 1')",
    "INSERT INTO search_index (search_index) VALUES ('rebuild')",
    f"CREATE TRIGGER request_text_made AFTER INSERT ON request_text BEGIN {NEW} END",
    f"CREATE TRIGGER request_text_changed AFTER UPDATE ON request_text BEGIN {OLD} {NEW} END",
    f"CREATE TRIGGER request_text_gone AFTER DELETE ON request_text BEGIN {OLD} END",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(_keep_texts)
    return manager


async def _keep_texts() -> None:
    """The table, what is there by now, the index over it, and then the triggers."""
    on_postgres = Migration._meta.db.engine_type == "postgres"
    for statement in TEXTS_OF_POSTGRES if on_postgres else TEXTS_OF_SQLITE:
        await Migration.raw(statement)
    await _fill(ON_POSTGRES if on_postgres else ON_SQLITE)
    if on_postgres:
        after: tuple[str, ...] = (INDEX_OF_POSTGRES,) if await Migration.raw(PRESENT) else ()
        after += (KEEPING, *(each for table in COLUMNS for each in _triggers_of_postgres(table)))
    else:
        after = (*INDEX_OF_SQLITE, *(each for table in COLUMNS for each in _triggers_of_sqlite(table)))
    for statement in after:
        await Migration.raw(statement)


async def _fill(joined: str) -> None:
    last: Any = FIRST
    while rows := await Migration.raw(LAST, last):
        await Migration.raw(COMPOSED.format(joined=joined, which=PIECE), last)
        last = rows[-1]["id"]


def _differs(table: str) -> str:
    return " OR ".join(f"new.{column} <> old.{column}" for column in COLUMNS[table])


def _triggers_of_postgres(table: str) -> tuple[str, ...]:
    once = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    kept = "EXECUTE FUNCTION keep_request_text()"
    changed = f"AFTER UPDATE OF {', '.join(COLUMNS[table])} ON {table} {once} WHEN ({_differs(table)})"
    return (
        f"CREATE CONSTRAINT TRIGGER {table}_text AFTER INSERT OR DELETE ON {table} {once} {kept}",
        f"CREATE CONSTRAINT TRIGGER {table}_text_changed {changed} {kept}",
    )


def _triggers_of_sqlite(table: str) -> tuple[str, ...]:
    request = "id" if table == "service_request" else "request"
    again, once_more = (
        f"{COMPOSED.format(joined=ON_SQLITE, which=f'q.id = {row}.{request}')} {AGAIN};" for row in ("new", "old")
    )
    gone = "DELETE FROM request_text WHERE request = old.id;" if request == "id" else once_more
    changed = f"AFTER UPDATE OF {', '.join(COLUMNS[table])} ON {table} WHEN {_differs(table)}"
    return (
        f"CREATE TRIGGER {table}_text_made AFTER INSERT ON {table} BEGIN {again} END",
        f"CREATE TRIGGER {table}_text_changed {changed} BEGIN {again} END",
        f"CREATE TRIGGER {table}_text_gone AFTER DELETE ON {table} BEGIN {gone} END",
    )
