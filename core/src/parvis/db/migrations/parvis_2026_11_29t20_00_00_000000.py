"""Which modules a town has on: every decision, with who made it and why.

Where the core had everything until now, everything that becomes a module is on: no town loses what it used.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis import clock
from parvis.db.steps import NewTable, first_step
from parvis.identifiers import new_id

ID = "2026-11-29T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "modules are switched on for each town"
BEFORE = "2026-11-25T13:08:08:126018"  # the first of the steps that were taken before modules
ONCE_OURS = (
    "absences", "address_search", "audit_pack", "canned_replies", "dashboards", "documents", "fees", "grants",
    "incidents", "inspections", "mail_intake", "reviews", "routing", "service_levels", "supplements",
)
SWITCH = NewTable(
    name="module_switch",
    class_name="ModuleSwitch",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "number": (Integer, {"default": 0, "unique": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "module": (Varchar, {"length": 40, "default": ""}),
        "state": (Varchar, {"length": 10, "default": ""}),
        "by": (Varchar, {"length": 254, "default": ""}),
        "why": (Text, {"default": ""}),
        "at": (Timestamptz, {"default": None}),
    },
)
SAID = """
INSERT INTO module_switch (id, number, jurisdiction, module, state, "by", why, at)
VALUES ({}, {}, '*', {}, 'on', 'migration', 'part of the core until then', {})"""


async def forwards() -> MigrationManager:
    return first_step("parvis", ID, DESCRIPTION, [SWITCH], _keep_on)


async def _keep_on() -> None:
    if BEFORE in await Migration.get_migrations_which_ran("parvis"):
        for number, name in enumerate(ONCE_OURS, start=1):
            await Migration.raw(SAID, new_id(), number, name, clock.now())
