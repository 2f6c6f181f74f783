"""The tables of documents, or those that were there when documents were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T07:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "documents"
DOCUMENT = NewTable(
    name="document",
    class_name="Document",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "type": (Varchar, {"length": 60, "default": ""}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "kind": (Varchar, {"length": 20, "default": ""}),
        "title": (Text, {"default": ""}),
        "number": (Varchar, {"length": 60, "default": "", "index": True}),
        "version": (Integer, {"default": 1}),
        "verification": (Varchar, {"length": 16, "default": "", "unique": True}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "language": (Varchar, {"length": 5, "default": ""}),
        "audience": (Varchar, {"length": 20, "default": ""}),
        "validity": (Varchar, {"length": 60, "default": ""}),
        "template": (Varchar, {"length": 64, "default": ""}),
        "signed_by": (Varchar, {"length": 200, "default": ""}),
        "digest": (Varchar, {"length": 64, "default": ""}),
        "content": (Varchar, {"length": 64, "default": "", "index": True}),
        "size": (Integer, {"default": 0}),
        "issued_at": (Timestamptz, {"default": None}),
        "changed_at": (Timestamptz, {"default": None}),
    },
)
TEMPLATE = NewTable(
    name="template",
    class_name="Template",
    columns={
        "digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
        "body": (Text, {"default": ""}),
        "kept_at": (Timestamptz, {"default": None}),
    },
)
SERIES = NewTable(
    name="series",
    class_name="Series",
    columns={
        "key": (Varchar, {"length": 160, "default": "", "primary_key": True}),
        "last": (Integer, {"default": 0}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_documents", ID, DESCRIPTION, [DOCUMENT, TEMPLATE, SERIES])
