"""The hooks of `gis_arcgis`."""

from collections.abc import Sequence

from parvis_gis_arcgis.settings import Settings
from parvis_sdk.connectors import Connector
from parvis_sdk.hooks import hookimpl


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def connectors(settings: Settings) -> Sequence[Connector]:
    return []
