"""A demo town of its own, served by a real process with its worker inside, and what it says in its log."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

from parvis import clock
from parvis.example_towns import town_folder
from parvis_testing.ports import free_port

SECRET = "a secret of journeys, kept for one run"
DATABASE = "parvis.sqlite"
MOST_SECONDS = 60
GRACE = 30  # seconds that answers under way get when the server is told to end


class Served:
    """One running process; `address` is where people find it."""

    def __init__(self, folder: Path, ahead: timedelta = timedelta()) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("with_crews.py"))],
                cwd=folder,
                env={**os.environ, **environment(folder, self.port), **clock.variables(ahead)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def until_ready(self) -> None:
        end = time.monotonic() + MOST_SECONDS
        while time.monotonic() < end:
            assert self.process.poll() is None, self.said()
            with contextlib.suppress(OSError), urlopen(f"{self.address}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"not ready after {MOST_SECONDS} seconds: {self.said()}")

    def stop(self) -> float:
        """Ask the process to end; the seconds that it took."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(MOST_SECONDS)
        return time.monotonic() - asked

    def said(self) -> str:
        return self.log.read_text("utf-8")


@contextlib.contextmanager
def served(folder: Path, ahead: timedelta = timedelta()) -> Iterator[Served]:
    """The town of a prepared folder, served until the end of the block; its clock may be ahead of ours."""
    town = Served(folder, ahead)
    try:
        town.until_ready()
        yield town
    finally:
        if town.process.poll() is None:
            town.stop()


@contextlib.contextmanager
def served_later(town: Served, folder: Path, ahead: timedelta) -> Iterator[Served]:
    """The same town after so much time, in a folder of its own; the running one is not touched."""
    shutil.copytree(town.folder, folder, ignore=shutil.ignore_patterns("*.sqlite*", "log"))
    now, later = sqlite3.connect(town.folder / DATABASE), sqlite3.connect(folder / DATABASE)
    with contextlib.closing(now), contextlib.closing(later):
        now.backup(later)
    look_at_the_clock(folder, ahead)
    with served(folder, ahead) as running:
        yield running
        assert "Traceback" not in running.said()


def look_at_the_clock(folder: Path, ahead: timedelta) -> None:
    """What an operator does after months of standing still: before, nothing that goes by the date would be done."""
    words = ("clock", "confirm", "--by", "Karim Diallo", "--yes")
    environ = {**os.environ, **environment(folder, free_port()), **clock.variables(ahead)}
    program = [sys.executable, "-c", "from parvis.cli import main; main()", *words]
    subprocess.run(program, cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL, timeout=MOST_SECONDS)


def environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "PARVIS_TERRITORY": str(towns(folder)),
        "PARVIS_SECRET_KEY": SECRET,
        "PARVIS_DATA": str(folder),
        "PARVIS_PORT": str(port),
        "PARVIS_DEMO": "true",
        "PARVIS_GRACE": str(GRACE),
        "PARVIS_LOG_LEVEL": "warning",
        "PARVIS_NOTIFY_MODE": "mailbox",
    }


def towns(folder: Path) -> Path:
    """The towns of the demo; the other one demands a second factor of everybody."""
    there = folder / "towns"
    if not there.exists():
        shutil.copytree(town_folder(), there)
        (there / "rivemont" / "sign_in.toml").write_text("providers = []\nsecond_factor = true\n")
    return there
