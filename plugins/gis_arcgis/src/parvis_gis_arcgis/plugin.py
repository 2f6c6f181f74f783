"""The hooks of `gis_arcgis`."""

from collections.abc import Sequence

from parvis_gis_arcgis.connector import connector_of
from parvis_gis_arcgis.layers import layer_connectors
from parvis_gis_arcgis.locating import ArcGISLocator
from parvis_gis_arcgis.settings import Settings
from parvis_sdk.connectors import Connector
from parvis_sdk.hooks import hookimpl
from parvis_sdk.locators import Locator


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def connectors(settings: Settings) -> Sequence[Connector]:
    publishing = [connector_of(settings)] if settings.features_url else []
    return [*publishing, *layer_connectors(settings)]


@hookimpl
def locators(settings: Settings) -> Sequence[Locator]:
    return [ArcGISLocator(settings)] if settings.geocoders else []
