"""The table of reported pages, or the one that was there when public requests were part of the core.

Where it was there, everybody could read the list: the module is on, and no town loses it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis import clock
from parvis.db.statements import columns_there
from parvis.db.steps import NewTable, first_step
from parvis.identifiers import new_id

ID = "2026-11-30T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "public requests"
PAGE_REPORT = NewTable(
    name="page_report",
    class_name="PageReport",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
        "page": (Varchar, {"length": 300, "default": ""}),
        "request": (UUID, {"default": None, "null": True, "index": True}),
        "why": (Varchar, {"length": 20, "default": ""}),
        "words": (Text, {"default": ""}),
        "language": (Varchar, {"length": 5, "default": "fr"}),
        "made_at": (Timestamptz, {"default": None}),
        "settled": (Varchar, {"length": 10, "default": ""}),
        "settled_at": (Timestamptz, {"default": None, "null": True}),
        "settled_by": (Varchar, {"length": 120, "default": ""}),
        "settled_why": (Text, {"default": ""}),
    },
)
SAID = "SELECT id FROM module_switch WHERE module = 'public_requests' LIMIT 1"
LAST = "SELECT COALESCE(MAX(number), 0) AS last FROM module_switch"
SAY = """
INSERT INTO module_switch (id, number, jurisdiction, module, state, "by", why, at)
VALUES ({}, {}, '*', 'public_requests', 'on', 'migration', 'part of the core until then', {})"""


async def forwards() -> MigrationManager:
    afterwards = (_keep_on,) if await columns_there(PAGE_REPORT.name) else ()
    return first_step("parvis_public_requests", ID, DESCRIPTION, [PAGE_REPORT], *afterwards)


async def _keep_on() -> None:
    if not await Migration.raw(SAID):
        (row,) = await Migration.raw(LAST)
        await Migration.raw(SAY, new_id(), row["last"] + 1, clock.now())
