"""The hooks of `crm_connector`."""

from collections.abc import Sequence

from parvis_crm_connector.connector import connector_for
from parvis_crm_connector.settings import Settings
from parvis_sdk.connectors import Connector
from parvis_sdk.hooks import hookimpl


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def connectors(settings: Settings) -> Sequence[Connector]:
    return [connector_for(settings)] if settings.base_url else []
