"""The tables of the core as they first are; what stands here is never changed, the next step changes tables.

It replaces a hundred earlier steps, from before modules: a database that has taken all of them has these tables.
"""

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Bytea,
    DoublePrecision,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from parvis.db.steps import NewTable, first_step

ID = "2026-11-25T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the tables of the core"
INSTALL_FIRST = "Parvis 0.1.0 as it was before modules (5ec4668e)"
REPLACES = tuple(
    """
    2026-11-25T13:08:08:126018 2026-11-25T14:00:00:000000 2026-11-25T15:04:34:442351 2026-11-25T15:10:00:000000
    2026-11-25T15:48:15:681153 2026-11-25T16:42:25:120033 2026-11-25T16:43:00:000000 2026-11-25T16:55:00:000000
    2026-11-25T17:10:00:000000 2026-11-25T17:11:00:000000 2026-11-25T17:20:00:000000 2026-11-25T17:21:00:000000
    2026-11-25T19:55:00:000000 2026-11-25T20:00:00:000000 2026-11-25T20:05:00:000000 2026-11-25T20:06:00:000000
    2026-11-25T20:10:00:000000 2026-11-25T20:11:00:000000 2026-11-25T20:20:00:000000 2026-11-25T20:21:30:000000
    2026-11-25T20:26:17:000000 2026-11-25T20:27:00:000000 2026-11-25T20:28:00:000000 2026-11-25T20:46:00:000000
    2026-11-25T20:50:00:000000 2026-11-25T23:30:00:000000 2026-11-25T23:31:00:000000 2026-11-25T23:55:00:000000
    2026-11-26T00:10:00:000000 2026-11-26T00:11:00:000000 2026-11-26T00:15:00:000000 2026-11-26T00:25:00:000000
    2026-11-26T00:30:00:000000 2026-11-26T10:10:00:000000 2026-11-26T10:11:00:000000 2026-11-26T10:12:00:000000
    2026-11-26T10:30:00:000000 2026-11-26T10:31:00:000000 2026-11-26T10:40:00:000000 2026-11-26T10:41:00:000000
    2026-11-26T10:42:00:000000 2026-11-26T10:43:00:000000 2026-11-26T10:50:00:000000 2026-11-26T10:55:00:000000
    2026-11-26T11:10:00:000000 2026-11-26T11:11:00:000000 2026-11-26T11:20:00:000000 2026-11-26T11:21:00:000000
    2026-11-26T11:22:00:000000 2026-11-26T11:30:00:000000 2026-11-26T11:31:00:000000 2026-11-26T11:31:30:000000
    2026-11-26T11:40:00:000000 2026-11-26T11:41:00:000000 2026-11-26T11:42:00:000000 2026-11-26T11:50:00:000000
    2026-11-26T11:51:00:000000 2026-11-26T11:52:00:000000 2026-11-26T12:00:00:000000 2026-11-26T12:01:00:000000
    2026-11-26T12:10:00:000000 2026-11-26T12:20:00:000000 2026-11-26T12:21:00:000000 2026-11-26T12:22:00:000000
    2026-11-26T12:30:00:000000 2026-11-26T12:40:00:000000 2026-11-26T12:40:30:000000 2026-11-26T13:00:00:000000
    2026-11-26T13:01:00:000000 2026-11-26T13:10:00:000000 2026-11-26T13:20:00:000000 2026-11-26T13:21:00:000000
    2026-11-26T13:40:00:000000 2026-11-26T13:50:00:000000 2026-11-26T13:51:00:000000 2026-11-26T13:51:30:000000
    2026-11-26T13:52:00:000000 2026-11-26T13:53:00:000000 2026-11-26T14:00:00:000000 2026-11-26T14:01:00:000000
    2026-11-26T15:00:00:000000 2026-11-29T02:00:00:000000 2026-11-29T02:10:00:000000 2026-11-29T03:00:00:000000
    2026-11-29T03:01:00:000000 2026-11-29T03:02:00:000000 2026-11-29T05:00:00:000000 2026-11-29T05:01:00:000000
    2026-11-29T06:00:00:000000 2026-11-29T06:01:00:000000 2026-11-29T06:10:00:000000 2026-11-29T06:20:00:000000
    2026-11-29T07:00:00:000000 2026-11-29T08:00:00:000000 2026-11-29T08:01:00:000000 2026-11-29T08:02:00:000000
    2026-11-29T09:00:00:000000 2026-11-29T10:00:00:000000 2026-11-29T10:10:00:000000 2026-11-29T13:00:00:000000
    """.split()
)


class Declaration(Table, tablename="declaration"):
    digest = Varchar(length=64, primary_key=True)


class Agent(Table, tablename="agent"):
    id = UUID(primary_key=True, default=None)


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
    return first_step("parvis", ID, DESCRIPTION, TABLES, _find_words)


async def _find_words() -> None:
    """An index of every three letters of what is searched."""
    if Migration._meta.db.engine_type == "postgres":
        await Migration.raw(MAY_BE_REFUSED)
        statements = ON_POSTGRES if await Migration.raw(PRESENT) else ()
    else:
        statements = (*ON_SQLITE, *(each for text in TEXTS for each in _kept_by_triggers(*text)))
    for statement in statements:
        await Migration.raw(statement)


def _kept_by_triggers(table: str, part: str, request: str, column: str, source: str) -> tuple[str, ...]:
    """The triggers that follow each change of a text."""
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
        f"CREATE TRIGGER {name}_made AFTER INSERT ON {table} WHEN new.{column} <> '' BEGIN {brought} END",
        f"CREATE TRIGGER {name}_changed AFTER UPDATE OF {column} ON {table} WHEN new.{column} <> old.{column} "
        f"BEGIN {taken} {again} END",
        f"CREATE TRIGGER {name}_gone AFTER DELETE ON {table} BEGIN {taken} END",
    )


TABLES = (
    NewTable(
        name="declaration",
        class_name="Declaration",
        columns={
            "digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "code": (Varchar, {"length": 60, "default": "", "index": True}),
            "version": (Integer, {"default": 0}),
            "plugin": (Varchar, {"length": 100, "default": ""}),
            "distribution": (Varchar, {"length": 200, "default": ""}),
            "body": (Text, {"default": ""}),
            "made_at": (Timestamptz, {"default": None}),
        },
    ),
    NewTable(
        name="service_request",
        class_name="ServiceRequest",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "reference": (Varchar, {"length": 12, "default": "", "unique": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "type": (Varchar, {"length": 60, "default": ""}),
            "theme": (Varchar, {"length": 60, "default": ""}),
            "declaration": (ForeignKey, {"references": Declaration, "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True}),
            "version": (Integer, {"default": 1}),
            "language": (Varchar, {"length": 5, "default": ""}),
            "channel": (Varchar, {"length": 20, "default": ""}),
            "identity": (Varchar, {"length": 20, "default": ""}),
            "state": (Varchar, {"length": 60, "default": ""}),
            "phase": (Varchar, {"length": 20, "default": ""}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "assignee": (UUID, {"default": None, "null": True}),
            "zone": (Varchar, {"length": 60, "default": ""}),
            "public": (Boolean, {"default": True}),
            "answers": (Text, {"default": ""}),
            "place": (Text, {"default": None, "null": True}),
            "address": (Varchar, {"length": 200, "default": ""}),
            "lon": (DoublePrecision, {"default": None, "null": True}),
            "lat": (DoublePrecision, {"default": None, "null": True}),
            "search_text": (Text, {"default": ""}),
            "personal_text": (Text, {"default": ""}),
            "public_text": (Text, {"default": ""}),
            "public_lon": (DoublePrecision, {"default": None, "null": True}),
            "public_lat": (DoublePrecision, {"default": None, "null": True}),
            "public_zone": (Varchar, {"length": 60, "default": ""}),
            "public_address": (Varchar, {"length": 200, "default": None, "null": True}),
            "words_published": (Varchar, {"length": 64, "default": ""}),
            "words_wait": (Boolean, {"default": False}),
            "hidden_at": (Timestamptz, {"default": None, "null": True}),
            "submitted_at": (Timestamptz, {"default": None}),
            "updated_at": (Timestamptz, {"default": None}),
            "state_since": (Timestamptz, {"default": None}),
            "closed_at": (Timestamptz, {"default": None, "null": True}),
            "decided_at": (Timestamptz, {"default": None, "null": True}),
            "category": (Varchar, {"length": 60, "default": ""}),
            "settled": (Varchar, {"length": 3, "default": None, "null": True}),
            "settled_at": (Timestamptz, {"default": None, "null": True}),
            "promised_at": (Timestamptz, {"default": None, "null": True}),
            "promise": (Varchar, {"length": 20, "default": "none"}),
            "timer_due_at": (Timestamptz, {"default": None, "null": True, "index": True}),
            "retention_due_at": (Timestamptz, {"default": None, "null": True, "index": True}),
            "erased_at": (Timestamptz, {"default": None, "null": True}),
            "entries": (Integer, {"default": 0}),
            "last_hash": (Varchar, {"length": 64, "default": ""}),
            "holder_since": (Timestamptz, {"default": None, "null": True}),
            "holders": (Integer, {"default": 0}),
            "external_references": (Text, {"default": "{}"}),
            "priority": (Integer, {"default": 0}),
            "kept_from": (Text, {"default": "[]"}),
            "follow_up_at": (Timestamptz, {"default": None, "null": True}),
            "took": (Integer, {"default": None, "null": True}),
            "allowed": (Integer, {"default": None, "null": True}),
            "first_answer_at": (Timestamptz, {"default": None, "null": True}),
            "answered_in": (Integer, {"default": None, "null": True}),
            "reopened": (Integer, {"default": None, "null": True}),
            "reopened_at": (Timestamptz, {"default": None, "null": True}),
            "undone": (Integer, {"default": None, "null": True}),
            "days_promised": (Integer, {"default": None, "null": True}),
            "days_needed": (Integer, {"default": None, "null": True}),
            "merged_into": (UUID, {"default": None, "null": True}),
            "duplicates": (Integer, {"default": 0}),
        },
        indexes=(
            "CREATE INDEX service_request_due ON service_request (jurisdiction, (CASE WHEN promised_at IS "
            "NULL THEN 3 WHEN promise = 'running' OR (promise = 'missed' AND phase NOT IN ('decided', "
            "'closed')) THEN 0 WHEN promise = 'paused' THEN 1 ELSE 2 END), promised_at, id)",
            "CREATE INDEX service_request_owed ON service_request (jurisdiction, (CASE WHEN promised_at "
            "IS NULL THEN 3 WHEN promise = 'running' OR (promise = 'missed' AND phase NOT IN ('decided', "
            "'closed')) THEN 0 WHEN promise = 'paused' THEN 1 ELSE 2 END), promised_at, id, unit) WHERE "
            "phase <> 'closed'",
            "CREATE INDEX service_request_updated ON service_request (jurisdiction, updated_at, id)",
            "CREATE INDEX service_request_public ON service_request (jurisdiction, submitted_at, id) "
            "WHERE public AND erased_at IS NULL",
            "CREATE INDEX service_request_near ON service_request (jurisdiction, lat, lon) WHERE phase <> "
            "'closed'",
            "CREATE INDEX service_request_assignee ON service_request (assignee) WHERE assignee IS NOT NULL",
            "CREATE INDEX service_request_known_elsewhere ON service_request (reference) WHERE "
            "length(external_references) > 2",
            "CREATE INDEX service_request_mapped ON service_request (jurisdiction, public_lat, "
            "public_lon, type, phase, submitted_at, reference) WHERE public AND erased_at IS NULL",
            "CREATE INDEX service_request_public_types ON service_request (jurisdiction, type, "
            "submitted_at, id) WHERE public AND erased_at IS NULL",
            "CREATE INDEX service_request_public_phases ON service_request (jurisdiction, phase, "
            "submitted_at, id) WHERE public AND erased_at IS NULL",
            "CREATE INDEX service_request_public_zones ON service_request (jurisdiction, public_zone, "
            "submitted_at, id) WHERE public AND erased_at IS NULL",
            "CREATE INDEX service_request_decided ON service_request (jurisdiction, type, decided_at, "
            "category, unit, submitted_at) WHERE decided_at IS NOT NULL",
            "CREATE INDEX service_request_category ON service_request (jurisdiction, type, category, "
            "submitted_at, id)",
            "CREATE INDEX service_request_incidents ON service_request (jurisdiction, id) WHERE type = "
            "'incident'",
            "CREATE INDEX service_request_newest ON service_request (jurisdiction, submitted_at, id, "
            "type, unit, channel, zone, answered_in)",
            "CREATE INDEX service_request_closed ON service_request (jurisdiction, closed_at, id, type, "
            "unit, channel, zone, took, allowed, promise, settled) WHERE closed_at IS NOT NULL",
            "CREATE INDEX service_request_unmeasured ON service_request (id) WHERE reopened IS NULL",
            "CREATE INDEX service_request_merged ON service_request (merged_into) WHERE merged_into IS "
            "NOT NULL",
            "CREATE INDEX service_request_follow_up ON service_request (jurisdiction, follow_up_at, id) "
            "WHERE follow_up_at IS NOT NULL",
            "CREATE INDEX service_request_open ON service_request (jurisdiction, unit, type, phase, "
            "state, promise, promised_at, channel, zone, submitted_at, id) WHERE phase <> 'closed'",
            "CREATE INDEX service_request_reopened ON service_request (jurisdiction, reopened_at, type, "
            "unit, channel, zone, reopened, id) WHERE reopened_at IS NOT NULL",
            "CREATE INDEX service_request_kept ON service_request (kept_from, id) WHERE kept_from <> '[]'",
            "CREATE INDEX service_request_in_days ON service_request (jurisdiction, submitted_at, id, "
            "type, unit, zone, days_promised, days_needed, promise) WHERE days_promised IS NOT NULL",
            "CREATE INDEX service_request_not_in_days ON service_request (jurisdiction, submitted_at, id) "
            "WHERE days_promised IS NULL",
            "CREATE INDEX service_request_uncounted ON service_request (id) WHERE days_promised IS NULL "
            "AND allowed IS NOT NULL",
            "CREATE INDEX service_request_unverified ON service_request (id) WHERE public AND "
            "public_address IS NULL",
            "CREATE INDEX service_request_words_wait ON service_request (jurisdiction, submitted_at, id) "
            "WHERE words_wait",
            "CREATE INDEX service_request_settled ON service_request (jurisdiction, settled_at, type, "
            "unit, channel, zone, settled) WHERE settled_at IS NOT NULL",
            "CREATE INDEX service_request_not_looked_back ON service_request (id) WHERE undone IS NULL",
        ),
    ),
    NewTable(
        name="contact",
        class_name="Contact",
        columns={
            "request": (UUID, {"default": None, "primary_key": True}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "email": (Varchar, {"length": 254, "default": "", "index": True}),
            "phone": (Varchar, {"length": 20, "default": "", "index": True}),
            "postal_address": (Varchar, {"length": 400, "default": ""}),
            "preferred_channel": (Varchar, {"length": 10, "default": ""}),
            "stopped": (Boolean, {"default": False}),
            "search_text": (Text, {"default": ""}),
            "returned_at": (Timestamptz, {"default": None, "null": True}),
            "returned_why": (Varchar, {"length": 300, "default": ""}),
        },
        indexes=(
            "CREATE INDEX contact_email_lower ON contact (lower(email))",
        ),
    ),
    NewTable(
        name="entry",
        class_name="Entry",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None}),
            "number": (Integer, {"default": 0}),
            "at": (Timestamptz, {"default": None}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "actor_kind": (Varchar, {"length": 20, "default": ""}),
            "actor_id": (Varchar, {"length": 60, "default": ""}),
            "actor_name": (Varchar, {"length": 120, "default": ""}),
            "audience": (Varchar, {"length": 20, "default": ""}),
            "body": (Text, {"default": ""}),
            "personal": (Text, {"default": None, "null": True}),
            "personal_digest": (Varchar, {"length": 64, "default": ""}),
            "previous_hash": (Varchar, {"length": 64, "default": ""}),
            "hash": (Varchar, {"length": 64, "default": ""}),
        },
        indexes=(
            "CREATE UNIQUE INDEX entry_number ON entry (request, number)",
            "CREATE INDEX entry_revealed ON entry (at, id) WHERE kind IN ('revealed', 'taken')",
            "CREATE INDEX entry_conflicts ON entry (at, id) WHERE kind IN ('kept_away', 'let_back')",
        ),
    ),
    NewTable(
        name="clock",
        class_name="Clock",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "code": (Varchar, {"length": 60, "default": ""}),
            "state": (Varchar, {"length": 20, "default": ""}),
            "shown": (Boolean, {"default": False}),
            "until": (Varchar, {"length": 20, "default": ""}),
            "allowance": (Text, {"default": ""}),
            "started_at": (Timestamptz, {"default": None}),
            "due_at": (Timestamptz, {"default": None, "index": True}),
            "paused_at": (Timestamptz, {"default": None, "null": True}),
            "ended_at": (Timestamptz, {"default": None, "null": True}),
            "because": (Text, {"default": "{}"}),
            "rests": (Text, {"default": "[]"}),
            "step": (Integer, {"default": 0}),
            "next_at": (Timestamptz, {"default": None, "null": True}),
        },
        indexes=(
            "CREATE INDEX clock_running ON clock (due_at) WHERE state = 'running'",
            "CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL",
            "CREATE INDEX clock_raised ON clock (request) WHERE step > 0 AND ended_at IS NULL",
            "CREATE INDEX clock_unwatched ON clock (id) WHERE next_at IS NULL AND step = 0 AND ended_at "
            "IS NULL AND state IN ('running', 'missed')",
        ),
    ),
    NewTable(
        name="party",
        class_name="Party",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "role": (Varchar, {"length": 60, "default": ""}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "email": (Varchar, {"length": 254, "default": "", "index": True}),
            "language": (Varchar, {"length": 5, "default": ""}),
            "mandate": (Varchar, {"length": 40, "default": ""}),
            "let_in_at": (Timestamptz, {"default": None}),
            "until": (Timestamptz, {"default": None}),
            "ended_at": (Timestamptz, {"default": None, "null": True}),
        },
    ),
    NewTable(
        name="attachment",
        class_name="Attachment",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "null": True, "index": True}),
            "holder": (Varchar, {"length": 64, "default": "", "index": True}),
            "field": (Varchar, {"length": 130, "default": ""}),
            "name": (Varchar, {"length": 200, "default": ""}),
            "kind": (Varchar, {"length": 100, "default": ""}),
            "size": (BigInt, {"default": 0}),
            "digest": (Varchar, {"length": 64, "default": "", "index": True}),
            "width": (Integer, {"default": None, "null": True}),
            "height": (Integer, {"default": None, "null": True}),
            "audience": (Varchar, {"length": 20, "default": "requester"}),
            "received_at": (Timestamptz, {"default": None}),
            "small": (Varchar, {"length": 64, "default": "", "index": True}),
            "scan": (Varchar, {"length": 10, "default": ""}),
            "scan_due_at": (Timestamptz, {"default": None, "null": True, "index": True}),
            "scan_tries": (Integer, {"default": 0}),
            "scan_said": (Text, {"default": ""}),
        },
    ),
    NewTable(
        name="follower",
        class_name="Follower",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "email": (Varchar, {"length": 254, "default": ""}),
            "language": (Varchar, {"length": 5, "default": ""}),
            "state": (Varchar, {"length": 10, "default": ""}),
            "since": (Timestamptz, {"default": None}),
        },
        indexes=(
            "CREATE INDEX follower_email_lower ON follower (lower(email))",
        ),
    ),
    NewTable(
        name="wish",
        class_name="Wish",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "email": (Varchar, {"length": 254, "default": ""}),
            "language": (Varchar, {"length": 5, "default": ""}),
            "questions": (Boolean, {"default": True}),
            "changed_at": (Timestamptz, {"default": None}),
        },
        indexes=(
            "CREATE UNIQUE INDEX wish_of ON wish (jurisdiction, email)",
        ),
    ),
    NewTable(
        name="draft",
        class_name="Draft",
        columns={
            "raw": (Text, {"default": ""}),
            "token_digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "type": (Varchar, {"length": 60, "default": ""}),
            "language": (Varchar, {"length": 5, "default": ""}),
            "updated_at": (Timestamptz, {"default": None, "index": True}),
            "sent_as": (Varchar, {"length": 12, "default": ""}),
            "begun_at": (Timestamptz, {"default": None, "null": True}),
            "form": (Varchar, {"length": 64, "default": ""}),
            "version": (Integer, {"default": 1}),
        },
    ),
    NewTable(
        name="draft_key",
        class_name="DraftKey",
        columns={
            "token_digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "draft": (Varchar, {"length": 64, "default": "", "index": True}),
            "email": (Varchar, {"length": 254, "default": "", "index": True}),
        },
    ),
    NewTable(
        name="once",
        class_name="IdempotencyKey",
        columns={
            "key": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "digest": (Varchar, {"length": 64, "default": ""}),
            "reference": (Varchar, {"length": 12, "default": ""}),
            "at": (Timestamptz, {"default": None, "index": True}),
            "lasting": (Boolean, {"default": False}),
        },
    ),
    NewTable(
        name="told",
        class_name="Deflection",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "type": (Varchar, {"length": 60, "default": ""}),
            "answer": (Varchar, {"length": 130, "default": ""}),
            "day": (Varchar, {"length": 10, "default": ""}),
            "told": (Integer, {"default": 0}),
            "settled": (Integer, {"default": 0}),
            "insisted": (Integer, {"default": 0}),
        },
        indexes=(
            "CREATE UNIQUE INDEX told_key ON told (jurisdiction, type, answer, day)",
        ),
    ),
    NewTable(
        name="delivery",
        class_name="Delivery",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "reference": (Varchar, {"length": 12, "default": ""}),
            "subscriber": (Varchar, {"length": 120, "default": ""}),
            "lane": (Varchar, {"length": 200, "default": ""}),
            "event_id": (Varchar, {"length": 40, "default": ""}),
            "event": (Text, {"default": ""}),
            "state": (Varchar, {"length": 12, "default": ""}),
            "attempts": (Integer, {"default": 0}),
            "blocked": (Integer, {"default": None, "null": True}),
            "made_at": (Timestamptz, {"default": None}),
            "due_at": (Timestamptz, {"default": None}),
            "claimed_by": (Varchar, {"length": 60, "default": ""}),
            "done_at": (Timestamptz, {"default": None, "null": True}),
            "trouble": (Text, {"default": ""}),
            "external_reference": (Varchar, {"length": 200, "default": ""}),
        },
        indexes=(
            "CREATE INDEX delivery_state ON delivery (state, subscriber, id)",
            "CREATE INDEX delivery_due ON delivery (subscriber, due_at, id) WHERE state IN ('waiting', "
            "'claimed', 'postponed')",
            "CREATE INDEX delivery_done ON delivery (done_at, subscriber) WHERE done_at IS NOT NULL",
        ),
    ),
    NewTable(
        name="circuit",
        class_name="Circuit",
        columns={
            "subscriber": (Varchar, {"length": 120, "default": "", "primary_key": True}),
            "failures": (Integer, {"default": 0}),
            "open_until": (Timestamptz, {"default": None, "null": True}),
            "last_trouble": (Text, {"default": ""}),
            "changed_at": (Timestamptz, {"default": None}),
            "failing_since": (Timestamptz, {"default": None, "null": True}),
            "paused_since": (Timestamptz, {"default": None, "null": True}),
            "paused_why": (Text, {"default": ""}),
        },
    ),
    NewTable(
        name="memory",
        class_name="Memory",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "plugin": (Varchar, {"length": 100, "default": ""}),
            "request": (Varchar, {"length": 40, "default": ""}),
            "key": (Varchar, {"length": 200, "default": ""}),
            "value": (Text, {"default": ""}),
            "changed_at": (Timestamptz, {"default": None}),
        },
        indexes=(
            "CREATE UNIQUE INDEX memory_key ON memory (plugin, request, key)",
        ),
    ),
    NewTable(
        name="letter",
        class_name="Letter",
        columns={
            "id": (Varchar, {"length": 80, "default": "", "primary_key": True}),
            "channel": (Varchar, {"length": 20, "default": ""}),
            "to": (Varchar, {"length": 254, "default": ""}),
            "subject": (Text, {"default": ""}),
            "text": (Text, {"default": ""}),
            "html": (Text, {"default": ""}),
            "headers": (Text, {"default": "{}"}),
            "language": (Varchar, {"length": 5, "default": ""}),
            "reference": (Varchar, {"length": 12, "default": "", "index": True}),
            "at": (Timestamptz, {"default": None, "index": True}),
        },
    ),
    NewTable(
        name="agent",
        class_name="Agent",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "email": (Varchar, {"length": 254, "default": "", "unique": True}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "password": (Text, {"default": ""}),
            "one_time_secret": (Text, {"default": ""}),
            "one_time_last": (BigInt, {"default": 0}),
            "language": (Varchar, {"length": 5, "default": "fr"}),
            "shortcuts": (Boolean, {"default": True}),
            "active": (Boolean, {"default": True}),
            "made_at": (Timestamptz, {"default": None}),
        },
    ),
    NewTable(
        name="grant",
        class_name="Grant",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "agent": (ForeignKey, {"references": Agent, "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True}),
            "role": (Varchar, {"length": 40, "default": ""}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "zones": (Text, {"default": "[]"}),
            "source": (Varchar, {"length": 63, "default": ""}),
        },
    ),
    NewTable(
        name="session",
        class_name="Session",
        columns={
            "token_digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "agent": (ForeignKey, {"references": Agent, "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True}),
            "made_at": (Timestamptz, {"default": None}),
            "seen_at": (Timestamptz, {"default": None}),
            "ends_at": (Timestamptz, {"default": None, "index": True}),
            "device": (Varchar, {"length": 200, "default": ""}),
            "door": (Varchar, {"length": 63, "default": ""}),
            "outside": (Varchar, {"length": 64, "default": ""}),
            "proved": (Boolean, {"default": False}),
            "finishing_at": (Timestamptz, {"default": None, "null": True}),
        },
    ),
    NewTable(
        name="attempt",
        class_name="Attempt",
        columns={
            "count": (Integer, {"default": 0}),
            "key": (Varchar, {"length": 200, "default": "", "primary_key": True}),
            "window_ends_at": (Timestamptz, {"default": None, "index": True}),
        },
    ),
    NewTable(
        name="token",
        class_name="Token",
        columns={
            "digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "scopes": (Text, {"default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "ends_at": (Timestamptz, {"default": None, "null": True}),
            "used_at": (Timestamptz, {"default": None, "null": True}),
            "revoked": (Boolean, {"default": False}),
        },
    ),
    NewTable(
        name="chore",
        class_name="Chore",
        columns={
            "name": (Varchar, {"length": 60, "default": "", "primary_key": True}),
            "held_by": (Varchar, {"length": 60, "default": ""}),
            "held_until": (Timestamptz, {"default": None, "null": True}),
            "ran_at": (Timestamptz, {"default": None, "null": True}),
            "said": (Text, {"default": ""}),
        },
    ),
    NewTable(
        name="grant_change",
        class_name="GrantChange",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "did": (Varchar, {"length": 8, "default": ""}),
            "role": (Varchar, {"length": 40, "default": ""}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "zones": (Text, {"default": "[]"}),
            "deputy": (UUID, {"default": None, "null": True}),
            "until": (Timestamptz, {"default": None, "null": True}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    ),
    NewTable(
        name="ended_device",
        class_name="EndedDevice",
        columns={
            "mark": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "ends_at": (Timestamptz, {"default": None, "index": True}),
        },
    ),
    NewTable(
        name="owed_contact",
        class_name="OwedContact",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "delivery": (UUID, {"default": None, "unique": True}),
            "way": (Varchar, {"length": 10, "default": ""}),
            "about": (Text, {"default": ""}),
            "say": (Text, {"default": ""}),
            "state": (Varchar, {"length": 10, "default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "from_at": (Timestamptz, {"default": None}),
            "due_at": (Timestamptz, {"default": None}),
            "tries": (Integer, {"default": 0}),
            "ended_at": (Timestamptz, {"default": None, "null": True}),
            "urgency": (Varchar, {"length": 10, "default": None, "null": True}),
            "anyway": (Boolean, {"default": None, "null": True}),
        },
        indexes=(
            "CREATE INDEX owed_contact_due ON owed_contact (due_at, id) WHERE state = 'owed'",
            "CREATE INDEX owed_contact_open ON owed_contact (from_at, request, way) WHERE state = 'owed'",
        ),
    ),
    NewTable(
        name="plugin_claim",
        class_name="PluginClaim",
        columns={
            "key": (Varchar, {"length": 200, "default": "", "primary_key": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "name": (Varchar, {"length": 100, "default": ""}),
            "plugin": (Varchar, {"length": 100, "default": ""}),
            "distribution": (Varchar, {"length": 200, "default": ""}),
            "version": (Varchar, {"length": 60, "default": ""}),
            "addresses": (Text, {"default": "[]"}),
            "since": (Timestamptz, {"default": None}),
            "decisions": (Text, {"default": "[]"}),
            "away_since": (Timestamptz, {"default": None, "null": True}),
            "declared": (Text, {"default": None, "null": True}),
        },
    ),
    NewTable(
        name="saved_view",
        class_name="SavedView",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "agent": (Varchar, {"length": 60, "default": "", "index": True}),
            "name": (Varchar, {"length": 60, "default": ""}),
            "query": (Text, {"default": ""}),
            "unit": (Varchar, {"length": 60, "default": "", "index": True}),
            "made_at": (Timestamptz, {"default": None}),
        },
    ),
    NewTable(
        name="writing",
        class_name="WriterPresence",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "reference": (Varchar, {"length": 12, "default": ""}),
            "agent": (Varchar, {"length": 60, "default": ""}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "said_at": (Timestamptz, {"default": None}),
            "until": (Timestamptz, {"default": None, "index": True}),
        },
        indexes=(
            "CREATE UNIQUE INDEX writing_once ON writing (reference, agent)",
        ),
    ),
    NewTable(
        name="clock_reading",
        class_name="ClockReading",
        columns={
            "process": (Varchar, {"length": 80, "default": "", "primary_key": True}),
            "said_at": (Timestamptz, {"default": None}),
            "doubt": (Varchar, {"length": 20, "default": ""}),
            "apart": (Integer, {"default": 0}),
            "confirmed_by": (Varchar, {"length": 120, "default": ""}),
            "confirmed_at": (Timestamptz, {"default": None, "null": True}),
            "trusted_at": (Timestamptz, {"default": None, "null": True}),
        },
    ),
    NewTable(
        name="door_entry",
        class_name="SignInLogEntry",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "at": (Timestamptz, {"default": None, "index": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "agent": (UUID, {"default": None, "null": True, "index": True}),
            "door": (Varchar, {"length": 63, "default": ""}),
            "about": (Text, {"default": ""}),
            "by": (UUID, {"default": None, "null": True}),
        },
    ),
    NewTable(
        name="recovery_code",
        class_name="RecoveryCode",
        columns={
            "key": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "made_at": (Timestamptz, {"default": None}),
        },
    ),
    NewTable(
        name="said",
        class_name="SearchableWords",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "text": (Text, {"default": ""}),
        },
    ),
    NewTable(
        name="looked",
        class_name="AccessLogEntry",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "hour": (Timestamptz, {"default": None, "index": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "who": (Varchar, {"length": 60, "default": ""}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "what": (Varchar, {"length": 20, "default": ""}),
            "subject": (UUID, {"default": None}),
            "about": (Varchar, {"length": 160, "default": ""}),
            "units": (Varchar, {"length": 200, "default": ""}),
            "times": (Integer, {"default": 0}),
        },
        indexes=(
            "CREATE UNIQUE INDEX looked_once ON looked (subject, who, what, hour)",
        ),
    ),
    NewTable(
        name="addressee",
        class_name="Addressee",
        columns={
            "key": (Varchar, {"length": 100, "default": "", "primary_key": True}),
            "messages": (Integer, {"default": 0}),
            "until": (Timestamptz, {"default": None, "index": True}),
        },
    ),
    NewTable(
        name="rule_turn",
        class_name="RuleTurn",
        columns={
            "key": (Varchar, {"length": 120, "default": "", "primary_key": True}),
            "last": (UUID, {"default": None, "null": True}),
        },
    ),
    NewTable(
        name="tie",
        class_name="Tie",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "one": (UUID, {"default": None, "index": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "other": (UUID, {"default": None, "index": True}),
            "moved": (Text, {"default": "[]"}),
            "since": (Timestamptz, {"default": None}),
        },
        indexes=(
            "CREATE UNIQUE INDEX tie_once ON tie (one, kind, other)",
        ),
    ),
    NewTable(
        name="mention",
        class_name="Mention",
        columns={
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "reference": (Varchar, {"length": 12, "default": ""}),
            "agent": (UUID, {"default": None, "index": True}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "entry": (Integer, {"default": 0}),
            "at": (Timestamptz, {"default": None}),
        },
    ),
)
