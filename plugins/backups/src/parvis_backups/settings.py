"""The settings of `backups`: where sets and the register of destruction lie, who can open keys, how many sets stay."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from parvis.plugins import PluginRegistry

NAME = "backups"


class Settings(Struct, frozen=True, kw_only=True):
    """`folder` is where `parvis backup make` writes, and where workers keep the register of destruction up to date.

    `recipients` are the public keys (age or SSH) that the keys of the installation are sealed to, `keep` how many sets
    stay (0: all of them), `tools` the folder of `pg_dump` and `pg_restore` where they are not found by themselves.
    """

    folder: str = ""
    recipients: tuple[str, ...] = ()
    keep: Annotated[int, Meta(ge=0, le=1000)] = 0
    tools: str = ""


def settings_of(plugins: PluginRegistry) -> Settings:
    """What the settings of the installation say."""
    plugin = plugins.by_name.get(NAME)
    found = plugin.settings if plugin is not None else None
    return found if isinstance(found, Settings) else Settings()


def folder_of(plugins: PluginRegistry) -> Path | None:
    """Where sets lie; None where the settings name no folder."""
    named = settings_of(plugins).folder
    return Path(named) if named else None
