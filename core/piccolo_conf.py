"""For developers who write a migration; a running Parvis never reads this file."""

from piccolo.conf.apps import AppRegistry

from parvis.db.binding import open_engine

DB = open_engine("sqlite:///development.sqlite")
APP_REGISTRY = AppRegistry(apps=["parvis.db.piccolo_app"])
