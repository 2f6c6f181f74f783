"""The tables of pictures to fetch and of updates that others posted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T18:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "pictures to fetch and updates of others"
MEDIA = NewTable(
    name="open311_media",
    class_name="Open311Media",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "url": (Text, {"default": ""}),
        "digest": (Varchar, {"length": 64, "default": ""}),
        "state": (Varchar, {"length": 8, "default": ""}),
        "tries": (Integer, {"default": 0}),
        "due_at": (Timestamptz, {"default": None, "null": True}),
        "said": (Text, {"default": ""}),
    },
    indexes=(
        "CREATE UNIQUE INDEX open311_media_once ON open311_media (request, digest)",
        "CREATE INDEX open311_media_due ON open311_media (due_at) WHERE state = 'waiting'",
    ),
)
UPDATE = NewTable(
    name="open311_update",
    class_name="Open311Update",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "token": (Varchar, {"length": 40, "default": ""}),
        "update_id": (Varchar, {"length": 64, "default": ""}),
        "entry": (Integer, {"default": 0}),
        "at": (Timestamptz, {"default": None}),
    },
    indexes=("CREATE UNIQUE INDEX open311_update_once ON open311_update (request, token, update_id)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_open311", ID, DESCRIPTION, [MEDIA, UPDATE])
