"""What a command expects to go wrong, and how the host of a command is opened."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.plugins import PluginRegistry
    from parvis.settings import Settings

Answer = TypeVar("Answer")


def in_a_sentence() -> tuple[type[Exception], ...]:
    """Errors whose own words are all that an operator needs; anything else is a fault of ours and shows its trace."""
    from parvis.db import DatabaseTrouble
    from parvis.deployment import PluginsInTrouble
    from parvis.jurisdictions import JurisdictionError
    from parvis.serving import PortTaken
    from parvis.settings import SettingsError

    return (DatabaseTrouble, PluginsInTrouble, PortTaken, SettingsError, JurisdictionError, Unusable)


class Unusable(Exception):
    """Something of this machine cannot be used as asked; the message says what to do."""


def read(file: Path | None, **given: Any) -> "Settings":
    """The settings that a command works with; what is logged from then on does not stand in its output."""
    from parvis.logs import log_beside_output
    from parvis.settings import read_settings, settings_file

    log_beside_output()
    return read_settings(settings_file(os.environ, file), os.environ, **given)


def as_owned(url: str, plugins: "PluginRegistry") -> "tuple[PluginRegistry, str]":
    """The registry as a database knows whose each name and address is; with why it could not be asked, if so.

    One of SQLite that is not there yet is not made, and knows nobody.
    """
    from parvis.db import DatabaseTrouble
    from parvis.requests.claims import looked_up

    if not is_there(url):
        return plugins, ""
    try:
        return asyncio.run(looked_up(url, plugins)), ""
    except DatabaseTrouble as error:
        return plugins, str(error)


def is_there(url: str) -> bool:
    """Whether there is a database to ask: a file of SQLite that is not there yet would be made."""
    sqlite = url.partition("sqlite:///")[2]
    return not sqlite or Path(sqlite).exists()


def with_deployment(
    settings: "Settings", do: "Callable[[Deployment], Coroutine[Any, Any, Answer]]", *, migrating: bool = False
) -> Answer:
    """Open the host of these settings, do one thing with it, close it."""

    async def once() -> Answer:
        from parvis.deployment import open_deployment

        async with open_deployment(settings, migrating=migrating, environ=os.environ) as deployment:
            return await do(deployment)

    return asyncio.run(once())
