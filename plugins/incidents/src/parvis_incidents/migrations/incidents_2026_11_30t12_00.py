"""The tables of incidents and notices, or those that were there when these were part of the core.

Names of plugins and types belong to distributions: those of incidents go to this one, or it would be a stranger.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "incidents and notices"
GIVEN = (
    "UPDATE plugin_claim SET distribution = 'parvis-incidents' WHERE plugin = 'incidents' AND distribution = 'parvis'",
    "UPDATE declaration SET distribution = 'parvis-incidents' WHERE plugin = 'incidents' AND distribution = 'parvis'",
)
REQUEST = NewTable(
    name="incident_request",
    class_name="IncidentRequest",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "incident": (UUID, {"default": None}),
        "request": (UUID, {"default": None, "index": True}),
        "state": (Varchar, {"length": 5, "default": ""}),
        "how": (Varchar, {"length": 5, "default": ""}),
        "at": (Timestamptz, {"default": None}),
    },
    indexes=("CREATE UNIQUE INDEX incident_request_once ON incident_request (incident, request)",),
)
WORD = NewTable(
    name="incident_word",
    class_name="IncidentWord",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "incident": (UUID, {"default": None, "index": True}),
        "number": (Integer, {"default": 0}),
        "closing": (Boolean, {"default": False}),
        "title": (Text, {"default": ""}),
        "words": (Text, {"default": ""}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "at": (Timestamptz, {"default": None}),
        "told_at": (Timestamptz, {"default": None, "null": True}),
        "urgency": (Varchar, {"length": 10, "default": None, "null": True}),
        "reach": (Varchar, {"length": 10, "default": None, "null": True}),
    },
    indexes=("CREATE INDEX incident_word_telling ON incident_word (at) WHERE told_at IS NULL",),
)
TOLD = NewTable(
    name="incident_told",
    class_name="IncidentTold",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "word": (UUID, {"default": None}),
        "address": (Varchar, {"length": 64, "default": ""}),
        "way": (Varchar, {"length": 10, "default": ""}),
        "request": (UUID, {"default": None, "null": True, "index": True}),
        "at": (Timestamptz, {"default": None}),
        "follower": (UUID, {"default": None, "null": True}),
        "carrier": (UUID, {"default": None, "null": True}),
        "state": (Varchar, {"length": 10, "default": None, "null": True}),
        "state_at": (Timestamptz, {"default": None, "null": True}),
        "repeated": (Integer, {"default": None, "null": True}),
    },
    indexes=(
        "CREATE UNIQUE INDEX incident_told_once ON incident_told (word, address)",
        "CREATE INDEX incident_told_carrier ON incident_told (carrier) WHERE carrier IS NOT NULL",
        "CREATE INDEX incident_told_under_way ON incident_told (word, id) WHERE state = 'on_its_way'",
    ),
)
NOTICE = NewTable(
    name="desk_notice",
    class_name="DeskNotice",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "lifts": (Varchar, {"length": 60, "default": ""}),
        "body": (Text, {"default": ""}),
        "while_open": (UUID, {"default": None, "null": True}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "ended_at": (Timestamptz, {"default": None, "null": True, "index": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_incidents", ID, DESCRIPTION, [REQUEST, WORD, TOLD, NOTICE], give_names)


async def give_names() -> None:
    """What the core had claimed for incidents is this distribution's."""
    for statement in GIVEN:
        await Migration.raw(statement)
