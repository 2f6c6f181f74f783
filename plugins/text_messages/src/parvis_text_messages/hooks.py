"""The hooks of a plugin, for its settings."""

from parvis_sdk.hooks import hookimpl
from parvis_text_messages.settings import Settings


@hookimpl
def settings() -> type[Settings]:
    return Settings
