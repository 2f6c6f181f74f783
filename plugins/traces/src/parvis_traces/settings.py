"""The settings of `traces`: where the collector is, how many requests are told, and under which name."""

from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from parvis.plugins import PluginRegistry

NAME = "traces"


class Settings(Struct, frozen=True, kw_only=True):
    """`endpoint` is where OTLP is spoken over HTTP, such as http://127.0.0.1:4318; nothing is told while it is empty.

    `share` is the part of all requests that is told, from 0 to 1. `service` is the name of this installation there.
    `token` is for a collector that asks who speaks: by `PARVIS_TRACES_TOKEN` or in a file, `PARVIS_TRACES_TOKEN_FILE`.
    """

    endpoint: str = ""
    share: Annotated[float, Meta(ge=0, le=1)] = 1.0
    service: str = "parvis"
    token: str = ""

    def __post_init__(self) -> None:
        if self.endpoint:
            told = urlsplit(self.endpoint)
            if told.scheme not in ("http", "https") or not told.hostname:
                raise ValueError("endpoint is no address such as http://127.0.0.1:4318")


def settings_of(plugins: PluginRegistry) -> Settings:
    """What the settings of the installation say."""
    plugin = plugins.by_name.get(NAME)
    found = plugin.settings if plugin is not None else None
    return found if isinstance(found, Settings) else Settings()
