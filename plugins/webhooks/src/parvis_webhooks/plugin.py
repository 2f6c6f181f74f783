"""The hooks of `webhooks`."""

from collections.abc import Sequence

from parvis_sdk.connectors import Connector
from parvis_sdk.hooks import hookimpl
from parvis_webhooks.connector import Webhook
from parvis_webhooks.settings import Settings


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def connectors(settings: Settings) -> Sequence[Connector]:
    return [Webhook(settings, each).connector() for each in settings.endpoints]
