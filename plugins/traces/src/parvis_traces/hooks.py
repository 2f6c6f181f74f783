"""The hook of a plugin by which this module has settings of the installation: `[plugins.traces]`."""

from parvis_sdk.hooks import hookimpl
from parvis_traces.settings import Settings


@hookimpl
def settings() -> type[Settings]:
    return Settings
