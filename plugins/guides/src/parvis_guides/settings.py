"""The settings of `guides`: where the built site of the documentation lies, or its address elsewhere."""

from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from parvis.plugins import PluginRegistry

NAME = "guides"
SERVED = "/documentation"


class Settings(Struct, frozen=True, kw_only=True):
    """`folder` is what `tox run -e docs` made; it is served at /documentation.

    `address` is that of the same site elsewhere, such as https://docs.example.org: links lead there, and nothing is
    served here. Where neither is given there is no help link.
    """

    folder: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        told = urlsplit(self.address)
        if self.address and (told.scheme not in ("http", "https") or not told.hostname):
            raise ValueError("address is no address such as https://docs.example.org")


def settings_of(plugins: PluginRegistry) -> Settings:
    """What the settings of the installation say."""
    plugin = plugins.by_name.get(NAME)
    found = plugin.settings if plugin is not None else None
    return found if isinstance(found, Settings) else Settings()


def folder_of(plugins: PluginRegistry) -> Path | None:
    """The folder that is served; None where the settings name none, or an address elsewhere, or it is not there."""
    settings = settings_of(plugins)
    folder = Path(settings.folder)
    return folder if settings.folder and not settings.address and folder.is_dir() else None


def address_of(plugins: PluginRegistry) -> str:
    """What stands before the path of a page of the site; nothing where there is no site."""
    if address := settings_of(plugins).address:
        return address.rstrip("/")
    return SERVED if folder_of(plugins) else ""
