"""A resident’s own space is a module’s from here on; links that are used once stay, in a table of the core.

Where the core had that space it stays on. Links that were sent and wait go on opening what they name.
"""

from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.statements import columns_there
from parvis.db.steps import NewTable, first_step, keep_on

ID = "2026-11-30T16:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "links that are used once, without the sessions that they began"
ONE_TIME_LINK = NewTable(
    name="one_time_link",
    class_name="OneTimeLink",
    columns={
        "token_digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
        "kind": (Varchar, {"length": 10, "default": ""}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "sent_to": (Varchar, {"length": 254, "default": ""}),
        "language": (Varchar, {"length": 5, "default": ""}),
        "request": (UUID, {"default": None, "null": True}),
        "ends_at": (Timestamptz, {"default": None, "index": True}),
    },
)
WAITING = """
INSERT INTO one_time_link (token_digest, kind, jurisdiction, sent_to, language, request, ends_at)
SELECT token_digest, kind, jurisdiction, email, language, request, ends_at FROM own_key WHERE kind <> 'session'"""
MOVED = "DELETE FROM own_key WHERE kind <> 'session'"


async def forwards() -> MigrationManager:
    return first_step("parvis", ID, DESCRIPTION, [ONE_TIME_LINK], _move, partial(keep_on, "my_requests", "own_key"))


async def _move() -> None:
    if await columns_there("own_key"):
        await Migration.raw(WAITING)
        await Migration.raw(MOVED)
