"""Merging, ties by hand and splitting are a module: on in every town of a database that had them from the core.

Several requests that are being joined, or were in the last month, are kept as what a module does to many.
"""

import json

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

from parvis import clock
from parvis.db.statements import columns_there
from parvis.identifiers import new_id

ID = "2026-11-30T14:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "merging is a module"
BEFORE = "2026-11-25T13:08:08:126018"  # the first of the steps that were taken before modules
USED = "SELECT id FROM service_request LIMIT 1"
LAST = "SELECT MAX(number) AS last FROM module_switch"
SAID = """
INSERT INTO module_switch (id, number, jurisdiction, module, state, "by", why, at)
VALUES ({}, {}, '*', 'merging', 'on', 'migration', 'part of the core until then', {})"""
JOINING = """SELECT id, action FROM batch WHERE action LIKE '{{"type":"merge"%'"""
KEPT = "UPDATE batch SET action = {} WHERE id = {}"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(_keep_on)
    manager.add_raw(_rewrite)
    return manager


async def _keep_on() -> None:
    if BEFORE in await Migration.get_migrations_which_ran("parvis") or await Migration.raw(USED):
        [row] = await Migration.raw(LAST)
        await Migration.raw(SAID, new_id(), (row["last"] or 0) + 1, clock.now())


async def _rewrite() -> None:
    if not await columns_there("batch"):  # a database that begins here: the table is a module’s by now
        return
    for row in await Migration.raw(JOINING):
        into = json.loads(row["action"])["into"]
        title = {"fr": f"Joindre à {into}", "en": f"Join to {into}"}
        action = {"type": "module", "name": "merge", "title": title, "given": {"into": into}}
        await Migration.raw(KEPT, json.dumps(action, ensure_ascii=False), row["id"])
