"""The tables of fees, or those that were there when fees were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T08:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "fees"
CHARGE = NewTable(
    name="charge",
    class_name="Charge",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "fee": (Varchar, {"length": 60, "default": ""}),
        "number": (Integer, {"default": 0}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "amount": (BigInt, {"default": 0}),
        "currency": (Varchar, {"length": 3, "default": "CAD"}),
        "calculation": (Text, {"default": ""}),
        "tariff": (Text, {"default": ""}),
        "reason": (Text, {"default": ""}),
        "refund_due": (BigInt, {"default": 0}),
        "refunded": (BigInt, {"default": 0}),
        "made_at": (Timestamptz, {"default": None}),
        "changed_at": (Timestamptz, {"default": None}),
        "settled_at": (Timestamptz, {"default": None, "null": True}),
    },
)
PAYMENT = NewTable(
    name="payment",
    class_name="Payment",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "charge": (UUID, {"default": None, "index": True}),
        "request": (UUID, {"default": None, "index": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "kind": (Varchar, {"length": 10, "default": ""}),
        "of": (UUID, {"default": None, "null": True}),
        "way": (Varchar, {"length": 20, "default": ""}),
        "provider": (Varchar, {"length": 60, "default": ""}),
        "external_id": (Varchar, {"length": 120, "default": ""}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "amount": (BigInt, {"default": 0}),
        "currency": (Varchar, {"length": 3, "default": "CAD"}),
        "refunded": (BigInt, {"default": 0}),
        "surplus": (Boolean, {"default": False}),
        "receipt": (Varchar, {"length": 20, "default": ""}),
        "note": (Varchar, {"length": 120, "default": ""}),
        "by": (Varchar, {"length": 60, "default": ""}),
        "by_name": (Varchar, {"length": 120, "default": ""}),
        "url": (Text, {"default": ""}),
        "trouble": (Text, {"default": ""}),
        "made_at": (Timestamptz, {"default": None, "index": True}),
        "changed_at": (Timestamptz, {"default": None}),
        "settled_at": (Timestamptz, {"default": None, "null": True}),
        "look_at": (Timestamptz, {"default": None, "null": True, "index": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_fees", ID, DESCRIPTION, [CHARGE, PAYMENT])
