"""The table of tasks."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tasks that plugins give people of the town"
PLUGIN_TASK = NewTable(
    name="tasks_task",
    class_name="PluginTask",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "plugin": (Varchar, {"length": 120, "default": ""}),
        "key": (Varchar, {"length": 80, "default": ""}),
        "title": (Text, {"default": "{}"}),
        "what": (Text, {"default": ""}),
        "unit": (Varchar, {"length": 60, "default": ""}),
        "doer": (Varchar, {"length": 20, "default": "agent"}),
        "state": (Varchar, {"length": 20, "default": "open"}),
        "given_at": (Timestamptz, {"default": None}),
        "due_at": (Timestamptz, {"default": None}),
        "escalate": (Text, {"default": "[]"}),
        "escalated": (Integer, {"default": 0}),
        "next_at": (Timestamptz, {"default": None, "null": True}),
        "ended_at": (Timestamptz, {"default": None, "null": True}),
    },
    indexes=(
        "CREATE UNIQUE INDEX tasks_task_once ON tasks_task (request, plugin, key)",
        "CREATE INDEX tasks_task_open ON tasks_task (due_at) WHERE state = 'open'",
        "CREATE INDEX tasks_task_next ON tasks_task (next_at) WHERE next_at IS NOT NULL",
    ),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_tasks", ID, DESCRIPTION, [PLUGIN_TASK])
