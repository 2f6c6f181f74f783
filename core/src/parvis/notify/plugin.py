"""The hooks of `notify`."""

from collections.abc import Sequence

from parvis.notify.channels import channels_of
from parvis.notify.settings import Settings
from parvis.notify.telling import tell
from parvis_sdk.channels import Channel
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Subscription


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    return [tell]


@hookimpl
def channels(settings: Settings) -> Sequence[Channel]:
    return channels_of(settings)
