"""Lists of destruction that a person approves, erasures that a second person approves, and readings of the clock."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-29T02:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "destruction and erasure are approved; readings of the clock"
MOMENT: tuple[type[Timestamptz], dict[str, Any]] = (Timestamptz, {"default": None})
MOMENT_OR_NONE: tuple[type[Timestamptz], dict[str, Any]] = (Timestamptz, {"default": None, "null": True})
KEY: tuple[type[UUID], dict[str, Any]] = (UUID, {"default": None, "primary_key": True})
NUMBER: tuple[type[Integer], dict[str, Any]] = (Integer, {"default": 0})


def _word(length: int, **more: Any) -> tuple[type[Varchar], dict[str, Any]]:
    return (Varchar, {"length": length, "default": "", **more})


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "DestructionList",
        "destruction_list",
        {
            "id": KEY,
            "jurisdiction": _word(60),
            "type": _word(60),
            "days": NUMBER,
            "outcome": _word(20),
            "since": MOMENT,
            "until": MOMENT,
            "lines": NUMBER,
            "listing": (Text, {"default": ""}),
            "mark": _word(64, index=True),
            "approved_by": _word(60),
            "approved_name": _word(120),
            "approved_at": MOMENT,
            "done_at": MOMENT_OR_NONE,
            "destroyed": NUMBER,
        },
    )
    add_table(
        manager,
        "ErasureProposal",
        "erasure_proposal",
        {
            "id": KEY,
            "request": (UUID, {"default": None, "index": True}),
            "listed": (Text, {"default": "[]"}),
            "around": (Boolean, {"default": False}),
            "email": _word(254),
            "proposed_by": _word(60),
            "proposed_name": _word(120),
            "proposed_at": MOMENT,
            "state": _word(20),
            "decided_by": _word(60),
            "decided_name": _word(120),
            "decided_at": MOMENT_OR_NONE,
        },
    )
    add_table(
        manager,
        "ClockReading",
        "clock_reading",
        {
            "process": _word(80, primary_key=True),
            "said_at": MOMENT,
            "doubt": _word(20),
            "apart": NUMBER,
            "confirmed_by": _word(120),
            "confirmed_at": MOMENT_OR_NONE,
        },
    )
    return manager
