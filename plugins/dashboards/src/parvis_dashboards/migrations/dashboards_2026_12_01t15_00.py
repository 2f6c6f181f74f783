"""Quality samples: each draw, and the requests that it drew."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-12-01T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "quality samples"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_dashboards", description=DESCRIPTION)
    add_table(
        manager,
        "QualitySample",
        "dashboards_sample",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "since": (Varchar, {"length": 10, "default": ""}),
            "until": (Varchar, {"length": 10, "default": ""}),
            "seed": (Integer, {"default": 0}),
            "wanted": (Integer, {"default": 0}),
            "among": (Integer, {"default": 0}),
            "drawn": (Integer, {"default": 0}),
            "drawn_by": (Varchar, {"length": 120, "default": ""}),
            "drawn_at": (Timestamptz, {"default": None}),
            "criteria": (Text, {"default": ""}),
        },
    )
    add_table(
        manager,
        "SampleItem",
        "dashboards_sample_item",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "sample": (UUID, {"default": None, "index": True}),
            "request": (UUID, {"default": None, "index": True}),
            "number": (Integer, {"default": 0}),
            "unit": (Varchar, {"length": 60, "default": ""}),
            "answers": (Text, {"default": ""}),
            "met": (Integer, {"default": 0}),
            "asked": (Integer, {"default": 0}),
            "version": (Integer, {"default": 0}),
            "looked_at": (Timestamptz, {"default": None, "null": True}),
        },
    )
    return manager
