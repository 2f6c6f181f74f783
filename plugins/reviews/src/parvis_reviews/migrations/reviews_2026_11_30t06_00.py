"""The tables of reviews, or those that were there when reviews were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reviews"
REVIEW = NewTable(
    name="review",
    class_name="Review",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "round": (Integer, {"default": 1}),
        "state": (Varchar, {"length": 12, "default": ""}),
        "opened_at": (Timestamptz, {"default": None}),
        "done_at": (Timestamptz, {"default": None, "null": True}),
    },
)
TASK = NewTable(
    name="review_task",
    class_name="ReviewTask",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "review": (Varchar, {"length": 60, "default": ""}),
        "task": (Varchar, {"length": 60, "default": ""}),
        "round": (Integer, {"default": 1}),
        "version": (Integer, {"default": 1}),
        "unit": (Varchar, {"length": 60, "default": "", "index": True}),
        "assignee": (UUID, {"default": None, "null": True, "index": True}),
        "assignee_email": (Varchar, {"length": 254, "default": ""}),
        "body": (Varchar, {"length": 120, "default": ""}),
        "email": (Varchar, {"length": 254, "default": ""}),
        "language": (Varchar, {"length": 5, "default": "fr"}),
        "state": (Varchar, {"length": 12, "default": ""}),
        "asked_at": (Timestamptz, {"default": None, "null": True}),
        "due_at": (Timestamptz, {"default": None, "null": True}),
        "given_at": (Timestamptz, {"default": None, "null": True}),
        "recommendation": (Varchar, {"length": 20, "default": ""}),
        "late": (Boolean, {"default": False}),
        "opinions": (Integer, {"default": 0}),
        "reminders": (Integer, {"default": 0}),
        "remind_at": (Timestamptz, {"default": None, "null": True, "index": True}),
    },
)
OPINION = NewTable(
    name="opinion",
    class_name="Opinion",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "task": (UUID, {"default": None, "index": True}),
        "number": (Integer, {"default": 0}),
        "recommendation": (Varchar, {"length": 20, "default": ""}),
        "given": (Text, {"default": ""}),
        "salt": (Varchar, {"length": 32, "default": ""}),
        "digest": (Varchar, {"length": 64, "default": ""}),
        "actor_kind": (Varchar, {"length": 20, "default": ""}),
        "actor_id": (Varchar, {"length": 60, "default": ""}),
        "actor_name": (Varchar, {"length": 120, "default": ""}),
        "late": (Boolean, {"default": False}),
        "at": (Timestamptz, {"default": None}),
    },
)
OUTSIDE_KEY = NewTable(
    name="outside_key",
    class_name="OutsideKey",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "task": (UUID, {"default": None, "index": True}),
        "holder": (Varchar, {"length": 64, "default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "ends_at": (Timestamptz, {"default": None}),
        "revoked": (Boolean, {"default": False}),
        "draft": (Text, {"default": ""}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_reviews", ID, DESCRIPTION, [REVIEW, TASK, OPINION, OUTSIDE_KEY])
