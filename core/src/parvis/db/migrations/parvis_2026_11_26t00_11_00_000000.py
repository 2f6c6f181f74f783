"""Indexes over the town's layers that other systems bring."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-26T00:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes over layers of the town, what they hold and what changed"

INDEXES = (
    "CREATE UNIQUE INDEX town_layer_name ON town_layer (connector, name)",
    "CREATE UNIQUE INDEX feature_key ON feature (layer, key)",
    "CREATE INDEX feature_code ON feature (layer, code)",
    "CREATE INDEX feature_version ON feature (layer, version)",
    "CREATE INDEX feature_trouble ON feature (layer) WHERE trouble <> ''",
    "CREATE INDEX feature_change_of ON feature_change (layer, version)",
    "CREATE INDEX feature_change_at ON feature_change (at)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in INDEXES:
            await Delivery.raw(statement)

    manager.add_raw(create)
    return manager
