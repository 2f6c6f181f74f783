"""The hook of a plugin by which this module has settings of the installation: `[plugins.guides]`."""

from parvis_guides.settings import Settings
from parvis_sdk.hooks import hookimpl


@hookimpl
def settings() -> type[Settings]:
    return Settings
