"""A town whose mail lies in a mailbox of Dovecot; run as a program, it dies when it should move its first mail."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

from parvis.db import Engine
from parvis.db.binding import bind, open_engine
from parvis.files import LocalFiles
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.host import Host
from parvis.switches import Switchboard
from parvis_mail_intake import hooks
from parvis_mail_intake.fetching import fetch
from parvis_mail_intake.mailbox import Mailbox
from parvis_mail_intake.settings import NAME, given
from parvis_testing.jurisdictions import example_towns
from parvis_testing.modules import only

ADDRESS = "requetes@ville.example"


def mail_heart(engine: Engine, folder: Path, port: int, password: str) -> Host:
    """The demonstration's towns with their plugins, and this mailbox."""
    found, _ = find_plugins()
    reports = [each for each in found if each.origin.name == "reports"]
    table = {"host": "127.0.0.1", "port": port, "tls": "none", "user": "requetes", "password": password}
    settings = settings_from({NAME: {**table, "address": ADDRESS}}, {})
    plugins = load_plugins([DiscoveredPlugin.of(NAME, hooks), *reports], settings)
    assert not plugins.troubles, plugins.troubles
    return Host(
        engine=engine,
        jurisdictions=example_towns(),
        plugins=plugins,
        files=LocalFiles(folder / "files"),
        secret=b"a secret of thirty-two characters",
        base_url="http://127.0.0.1:8000",
        modules=Switchboard(only("mail_intake")),
    ).having(*given(SimpleNamespace(plugins=plugins)))


async def die_before_moving(url: str, folder: str, port: str, password: str) -> None:
    """Fetch; killed as by kill -9 once the first mail is kept and before it is moved."""

    def die(self: Mailbox, uid: bytes, into: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    Mailbox.move = die  # type: ignore[method-assign]
    engine = open_engine(url)
    bind(engine, modules=only("mail_intake"))
    await engine.start()
    await fetch(mail_heart(engine, Path(folder), int(port), password))


if __name__ == "__main__":
    asyncio.run(die_before_moving(*sys.argv[1:]))
