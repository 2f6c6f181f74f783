"""The hooks of `open311_connector`."""

from collections.abc import Sequence

from parvis_open311_connector.connector import connector_for
from parvis_open311_connector.proposing import Proposal
from parvis_open311_connector.settings import Settings
from parvis_sdk.commands import Command
from parvis_sdk.connectors import Connector
from parvis_sdk.hooks import hookimpl


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def connectors(settings: Settings) -> Sequence[Connector]:
    return [connector_for(each, settings.keys) for each in settings.neighbours]


@hookimpl
def commands(settings: Settings) -> Sequence[Command]:
    return [Proposal(settings).command()]
