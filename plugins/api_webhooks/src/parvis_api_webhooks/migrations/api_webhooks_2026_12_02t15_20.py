"""The tables of webhooks by the API."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-02T15:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "webhooks by the API"
ENDPOINT = NewTable(
    name="api_webhooks_endpoint",
    class_name="WebhookEndpoint",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
        "title": (Varchar, {"length": 120, "default": ""}),
        "url": (Text, {"default": ""}),
        "events": (Text, {"default": ""}),
        "units": (Text, {"default": ""}),
        "types": (Text, {"default": ""}),
        "salt": (Varchar, {"length": 40, "default": ""}),
        "former_salt": (Varchar, {"length": 40, "default": ""}),
        "former_until": (Timestamptz, {"default": None, "null": True}),
        "owner": (Varchar, {"length": 12, "default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "version": (Integer, {"default": 1}),
        "state": (Varchar, {"length": 10, "default": "on"}),
        "why": (Varchar, {"length": 10, "default": ""}),
        "failures": (Integer, {"default": 0}),
        "failing_since": (Timestamptz, {"default": None, "null": True}),
        "next_try_at": (Timestamptz, {"default": None, "null": True}),
        "collected_until": (Timestamptz, {"default": None}),
        "replay_after": (UUID, {"default": None, "null": True}),
        "replay_until": (UUID, {"default": None, "null": True}),
        "replayed": (Integer, {"default": 0}),
    },
)
DELIVERY = NewTable(
    name="api_webhooks_delivery",
    class_name="WebhookDelivery",
    columns={
        "key": (Varchar, {"length": 80, "default": "", "primary_key": True}),
        "endpoint": (UUID, {"default": None, "index": True}),
        "entry": (UUID, {"default": None}),
        "request": (UUID, {"default": None, "index": True}),
        "event": (Varchar, {"length": 12, "default": ""}),
        "state": (Varchar, {"length": 10, "default": ""}),
        "attempts": (Integer, {"default": 0}),
        "made_at": (Timestamptz, {"default": None}),
        "due_at": (Timestamptz, {"default": None}),
        "done_at": (Timestamptz, {"default": None, "null": True}),
        "trouble": (Varchar, {"length": 300, "default": ""}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_api_webhooks", ID, DESCRIPTION, [ENDPOINT, DELIVERY])
