"""What Piccolo's own commands need to know: `piccolo migrations new parvis --auto`, run in the folder `core`."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from parvis.db.every_table import TABLES

APP_CONFIG = AppConfig(
    app_name="parvis",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=list(TABLES),
)
