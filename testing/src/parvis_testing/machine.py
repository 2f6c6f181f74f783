"""A pytest plugin that finds a browser, an antivirus and Java, or names them as missing."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser

NOTHING_SKIPPED = os.environ.get("CI_NOTHING_SKIPPED") == "1"
MISSING = pytest.StashKey[set[str]]()
PATIENCE = 60_000  # milliseconds that a page of a busy machine may take


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = set()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for what in sorted(config.stash[MISSING]):
        terminalreporter.write_line(f"skipped: no {what} found")


class Clamd:
    """A clamd on a socket that knows one virus, and can be stopped and restarted."""

    SIGNATURE = "Eicar-Test:0:*:45494341522d5354414e444152442d414e544956495255532d544553542d46494c45"

    def __init__(self, program: str, folder: str) -> None:
        self.folder, self.socket = Path(folder), f"{folder}/clamd.sock"
        # A copy: to the machine's own one, AppArmor allows the folders of the machine's own service only.
        self.program = shutil.copy(program, folder)
        self.running: subprocess.Popen[bytes] | None = None
        (self.folder / "signatures").mkdir()
        (self.folder / "signatures/test.ndb").write_text(self.SIGNATURE + "\n")
        owner = "User root\n" if os.geteuid() == 0 else ""
        settings = f"Foreground yes\nDatabaseDirectory {folder}/signatures\nLocalSocket {self.socket}\n{owner}"
        (self.folder / "clamd.conf").write_text(f"{settings}StreamMaxLength 3M\n")

    def start(self) -> None:
        command = [self.program, "-c", self.folder / "clamd.conf"]
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
                line.connect(self.socket)
                return
            time.sleep(0.05)
        raise RuntimeError("clamd did not start")

    def stop(self) -> None:
        if self.running is not None:
            self.running.terminate()
            self.running.wait(20)
            self.running = None
        Path(self.socket).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def clamd_of_session(request: pytest.FixtureRequest) -> Iterator[Clamd]:
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        missing(request.config, "clamd")
    with tempfile.TemporaryDirectory(prefix="parvis-clamd-") as folder:
        clamd = Clamd(program, folder)
        yield clamd
        clamd.stop()


@pytest.fixture
def clamd(clamd_of_session: Clamd) -> Clamd:
    """A running clamd; a test that stops it need not restart it."""
    if clamd_of_session.running is None:
        clamd_of_session.start()
    return clamd_of_session


class Bucket:
    """A local SeaweedFS with S3, which can be stopped and restarted."""

    key, secret, name = "key", "secret-of-tests", "parvis"

    def __init__(self, program: str, folder: str) -> None:
        self.program, self.folder = program, Path(folder)
        self.ports = free_ports()
        self.address = f"http://127.0.0.1:{self.ports[3]}"
        self.running: subprocess.Popen[bytes] | None = None
        known = {"name": "app", "credentials": [{"accessKey": self.key, "secretKey": self.secret}]}
        known["actions"] = ["Admin", "Read", "Write", "List", "Tagging"]
        (self.folder / "s3.json").write_text(json.dumps({"identities": [known]}))
        (self.folder / "data").mkdir()

    def start(self) -> None:
        ports = [f"-{kind}.port={port}" for kind, port in zip(self.KINDS, self.ports, strict=True)]
        places = [
            f"-dir={self.folder}/data",
            f"-s3.config={self.folder}/s3.json",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
        ]
        sizes = ["-master.volumeSizeLimitMB=64", "-volume.max=20", *self.WITHOUT]
        command = [self.program, "server", "-filer", "-s3", *places, *ports, *sizes]
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        for _ in range(1200):
            with socket.socket() as line, suppress(OSError):
                line.connect(("127.0.0.1", self.ports[3]))
                return
            time.sleep(0.1)
        raise RuntimeError("SeaweedFS did not start")

    KINDS = ("master", "volume", "filer", "s3")
    WITHOUT = ("-s3.port.iceberg=0", "-s3.port.lance=0")  # whose ports are the same on the whole machine

    def stop(self) -> None:
        """Kills it immediately, because an orderly stop takes 25 seconds."""
        if self.running is not None:
            self.running.kill()
            self.running.wait(60)
            self.running = None


def free_ports() -> list[int]:
    """Four free ports whose port plus ten thousand is free too, because SeaweedFS uses both."""
    found: list[int] = []
    for port in range(20_000 + os.getpid() % 5_000, 32_000):
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            found.append(port)
        if len(found) == 4:
            return found
    raise RuntimeError("no free ports")


@pytest.fixture(scope="session")
def bucket_of_session(request: pytest.FixtureRequest) -> Iterator[Bucket]:
    program = shutil.which("weed", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if program is None:
        missing(request.config, "SeaweedFS")
    with tempfile.TemporaryDirectory(prefix="parvis-weed-") as folder:
        bucket = Bucket(program, folder)
        yield bucket
        bucket.stop()


@pytest.fixture
def bucket(bucket_of_session: Bucket) -> Bucket:
    """A real bucket; a test that stops its server need not restart it."""
    if bucket_of_session.running is None:
        bucket_of_session.start()
    return bucket_of_session


@pytest.fixture(scope="session")
def chromium_path(request: pytest.FixtureRequest) -> str:
    """The path of the browser; prefers the headless shell, which costs a third less."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    missing(request.config, "Chromium")


@pytest.fixture(scope="session")
async def chromium_of_session(chromium_path: str) -> "AsyncIterator[Browser]":
    """One Chromium for all tests; each test closes the contexts that it opens."""
    playwright = pytest.importorskip("playwright.async_api")
    playwright.expect.set_options(timeout=PATIENCE)
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def java_and_npm(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The paths of Java and npm, for the W3C's HTML checker."""
    java, npm = shutil.which("java"), shutil.which("npm")
    if not java or not npm:
        missing(request.config, "Java and npm")
    return str(java), str(npm)


def missing(config: pytest.Config, what: str) -> Any:
    config.stash[MISSING].add(what)
    if NOTHING_SKIPPED:
        pytest.fail(f"no {what} found, and nothing may be skipped")
    pytest.skip(f"no {what} found")
