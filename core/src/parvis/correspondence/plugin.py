"""The hooks of `correspondence`."""

from parvis.correspondence.settings import Settings
from parvis_sdk.hooks import hookimpl


@hookimpl
def settings() -> type[Settings]:
    return Settings
