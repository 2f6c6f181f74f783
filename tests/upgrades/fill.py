"""Makes a filled database by whatever version of Parvis is imported: `python fill.py FILE`; `keep.py` runs it."""

import asyncio
import importlib.metadata
import sqlite3
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

SOURCES = Path(str(find_spec("parvis").origin)).parents[3]
installed = importlib.metadata.entry_points


def of_that_version(**asked):
    """Plugins and modules that this version has itself: of those that came later no table is made."""
    found = installed(**asked)
    if not asked.get("group", "").startswith("parvis"):
        return found
    specs = {each: find_spec(each.value.partition(".")[0]) for each in found}
    return importlib.metadata.EntryPoints(
        each for each, spec in specs.items() if spec and Path(str(spec.origin)).is_relative_to(SOURCES)
    )


importlib.metadata.entry_points = of_that_version

from parvis.deployment import open_deployment  # noqa: E402 - with the entry points of that version
from parvis.example_towns import town_folder  # noqa: E402
from parvis.settings import Settings  # noqa: E402
from parvis.worker.relay import Relay  # noqa: E402
from parvis_demo.prepare import prepare  # noqa: E402

PLAYED = {"parvis": 10}


async def fill(file: Path, folder: Path) -> None:
    """A demo town with a request of each type, its messages told, its accounts and its modules."""
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=folder,
        database=f"sqlite:///{file}",
        demo=True,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}},
    )
    async with open_deployment(settings, migrating=True, environ={}) as deployment:
        there = {town: many for town, many in PLAYED.items() if town in deployment.host.jurisdictions.by_code}
        await prepare(deployment.host, counts=there, deliver=Relay(deployment.host).drain)


if __name__ == "__main__":
    made = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as data:
        asyncio.run(fill(made, Path(data)))
    with sqlite3.connect(made) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("VACUUM")
