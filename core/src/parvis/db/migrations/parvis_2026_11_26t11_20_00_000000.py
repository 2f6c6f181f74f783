"""Incidents: the requests that belong to them, what was announced, who was told."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T11:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "incidents: the requests that belong to them, what was announced, who was told"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "IncidentRequest",
        "incident_request",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "incident": (UUID, {"default": None}),
            "request": (UUID, {"default": None, "index": True}),
            "state": (Varchar, {"length": 5, "default": ""}),
            "how": (Varchar, {"length": 5, "default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    add_table(
        manager,
        "IncidentWord",
        "incident_word",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "incident": (UUID, {"default": None, "index": True}),
            "number": (Integer, {"default": 0}),
            "closing": (Boolean, {"default": False}),
            "title": (Text, {"default": ""}),
            "words": (Text, {"default": ""}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    add_table(
        manager,
        "IncidentTold",
        "incident_told",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "word": (UUID, {"default": None}),
            "address": (Varchar, {"length": 64, "default": ""}),
            "way": (Varchar, {"length": 10, "default": ""}),
            "request": (UUID, {"default": None, "null": True, "index": True}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    return manager
