"""Bad plugins that never let go: `time.sleep`, `while True`, a hopeless pattern; in a handler, a locator, a hook.

Real processes. Pages, other deliveries and the next start go on, and the operator reads which file and line it was.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from parvis import clock
from parvis.db.binding import running
from parvis.example_towns import town_folder
from parvis.outbox import listing
from parvis_testing.ports import free_port

from .test_plugins_that_break_while_running import HANDLER, SUBMISSION

pytestmark = pytest.mark.slow

PROGRAM = (sys.executable, "-c", "from parvis.cli import main; main()")
QUICKER = """
import parvis.plugins.loading, parvis.plugins.discovery, parvis.plugins.threads, parvis.worker.loop, parvis.working
parvis.plugins.loading.SECONDS = parvis.plugins.discovery.SECONDS = 5.0
parvis.plugins.threads.BLOCKED = 2.0
parvis.plugins.threads.NOTHING_RUNS = 30.0
parvis.worker.loop.PATIENCE = 1
parvis.working.HELD, parvis.working.ARMED = 6.0, 1.0
"""
BLOCKING = {
    "sleeps": "import time; time.sleep(3600)",
    "turns": "\n    while True: pass",
    "searches": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
}
LOCATOR = """
import time
from parvis_sdk.hooks import hookimpl

class Slow:
    name = "slow"

    async def find(self, jurisdiction, words, limit, http):
        {body}

    async def address_at(self, jurisdiction, lon, lat, http):
        return None

    async def facts_at(self, jurisdiction, lon, lat, http):
        return {{}}

@hookimpl
def locators():
    return [Slow()]
"""
CONNECTOR = """
import time
from parvis_sdk.connectors import Connector
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

async def deliver(event, request, connection):
    time.sleep(3600)

@hookimpl
def connectors():
    title, address = Text(fr="Ordres", en="Orders"), "https://orders.example"
    return [Connector(name="orders", title=title, address=address, events=(Submitted,), deliver=deliver)]
"""
PATIENCE = 150  # seconds that a busy machine may take
SECONDS = 20  # seconds that a page may take on one


class Installation:
    """The processes of one installation, with plugins of the test installed."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database, self.port = folder, database, free_port()
        self.log = folder / "log"
        (folder / "site").mkdir(exist_ok=True)
        (folder / "site/sitecustomize.py").write_text(QUICKER)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        self.environ = clean | {
            **clock.variables(),
            "PYTHONPATH": str(folder / "site"),
            "PARVIS_TERRITORY": str(town_folder()),
            "PARVIS_SECRET_KEY": "s" * 40,
            "PARVIS_DATA": str(folder / "data"),
            "PARVIS_DATABASE": database,
            "PARVIS_DATABASE_CONNECTIONS": "4",
            "PARVIS_LOG": "json",
            "PARVIS_LOG_LEVEL": "warning",
        }

    @contextmanager
    def runs(self, *words: str, **environ: str):
        """`parvis` with these words, until the block ends: it must then end by itself, when told to."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*PROGRAM, *words], cwd=self.folder, env=self.environ | environ, stdout=log, stderr=log
            )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def serves(self, **environ: str):
        """`parvis serve` with its worker, and somebody at its pages."""
        words = ("serve", "--port", str(self.port), "--worker")
        with self.runs(*words, **environ), httpx.Client(base_url=f"http://127.0.0.1:{self.port}") as http:
            until(lambda: reached(http))
            yield http

    def said(self) -> list[dict]:
        """What the processes logged."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    async def outbox(self) -> dict[str, tuple[str, str]]:
        """What the operator sees of each subscriber's last delivery: its state and its trouble."""
        async with running(self.database):
            lines = await listing(("dead", "postponed", "waiting", "claimed", "done"))
        return {line.subscriber: (line.state, str(line.trouble or "")) for line in reversed(lines)}


def reached(http: httpx.Client) -> bool:
    with suppress(httpx.TransportError):
        return http.get("/health/web", timeout=SECONDS).status_code == 200
    return False


def until(done, seconds: float = PATIENCE, between=lambda: None) -> None:
    over = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < over, "it never came"
        between()
        time.sleep(0.2)


def page(http: httpx.Client) -> int:
    return http.get("/fr/", timeout=SECONDS).status_code


async def until_told(
    installation: Installation, http: httpx.Client, wanted: dict[str, str]
) -> dict[str, tuple[str, str]]:
    """Until these deliveries are in these states; every page is answered meanwhile."""
    over = time.monotonic() + PATIENCE
    while True:
        assert await asyncio.to_thread(page, http) == 200
        found = await installation.outbox()
        if all(found.get(name, ("", ""))[0] in states.split() for name, states in wanted.items()):
            return found
        assert time.monotonic() < over, found
        await asyncio.sleep(0.3)


@pytest.fixture
def installation(install, tmp_path, database_url) -> Installation:
    install("lights")
    install("good", HANDLER.format(body="return Outcome(external_reference=f'GOOD-{request.reference}')"))
    return Installation(tmp_path, database_url)


def sent(http: httpx.Client, **headers: str) -> None:
    answer = http.post("/api/v1/requests", json=SUBMISSION, timeout=SECONDS, headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("how", BLOCKING)
async def test_a_handler_that_blocks_stops_no_page_no_other_delivery_and_no_restart(installation, install, how):
    """A town suffers a portal that stands still because one plugin waits for its own system."""
    install("stuck", HANDLER.format(body=BLOCKING[how]))
    with installation.serves() as http:
        sent(http)
        await until_told(installation, http, {"good.hear": "done"})
        found = await until_told(installation, http, {"stuck.hear": "dead"})
        trouble = found["stuck.hear"][1]
        assert "parvis_stuck/plugin.py:1" in trouble  # line 11, or 12 where the body has two
        assert "set aside after it blocked 2 times" in trouble
        assert any("parvis_stuck/plugin.py:1" in each.get("where", "") for each in installation.said())
    with installation.serves() as http:  # the next start does not hang again
        sent(http)
        found = await until_told(installation, http, {"good.hear": "done", "stuck.hear": "postponed dead"})
        assert "blocked" in found["stuck.hear"][1]


async def test_a_handler_that_ends_its_process_is_set_aside_after_two_deaths_and_named(installation, install):
    """Before, the worker died and was started again for ever, and nobody was told by which plugin."""
    install("deadly", HANDLER.format(body="import os; os._exit(3)"))
    with installation.serves() as http:
        sent(http)
        found = await until_told(installation, http, {"deadly.hear": "dead", "good.hear": "done"})
        trouble = found["deadly.hear"][1]
        assert "deadly (parvis-deadly 1.2.3)" in trouble
        assert "parvis_deadly/plugin.py:11" in trouble
        assert "it stopped its own process (os._exit)" in trouble
        assert "set aside" in trouble
        assert page(http) == 200


def test_a_rehearsal_names_the_line_of_a_connector_that_blocks_and_comes_to_its_end(installation, install):
    """Before, the command stood still for ever without a word: a town could not try a connector before using it."""
    install("stuck", CONNECTOR)
    began = time.monotonic()
    words = [*PROGRAM, "rehearse", "orders"]
    ran = subprocess.run(words, env=installation.environ, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "parvis_stuck/plugin.py:" in ran.stdout
    assert "without awaiting anything" in ran.stdout
    assert time.monotonic() - began < PATIENCE


async def test_a_worker_by_itself_starts_anew_under_its_own_number_and_ends_when_told(installation, install):
    """Where systemd counts restarts of a process, one bad plugin is no reason to give the worker up."""
    install("stuck", HANDLER.format(body=BLOCKING["sleeps"]))
    with (
        installation.runs("serve", "--port", str(installation.port), "--no-worker"),
        installation.runs("work") as worker,
    ):
        with httpx.Client(base_url=f"http://127.0.0.1:{installation.port}") as http:
            until(lambda: reached(http))
            sent(http)
            await until_told(installation, http, {"stuck.hear": "dead", "good.hear": "done"})
        assert worker.poll() is None
    assert worker.returncode == 0
    assert len([each for each in installation.said() if each["event"].startswith("the worker restarts")]) >= 1


@pytest.mark.parametrize("body", ["time.sleep(3600)", "\n        while True: pass"])
def test_a_locator_that_blocks_gives_a_plainer_list_and_is_named(installation, install, tmp_path, body):
    """Without a limit, typing an address would stop every page of every resident."""
    install("slow", LOCATOR.format(body=body))
    territory = tmp_path / "territory"
    subprocess.run(["cp", "-r", town_folder(), territory], check=True)
    file = territory / "parvis/jurisdiction.toml"
    file.write_text('locator = "slow"\nmodules = ["address_search"]\n' + file.read_text())
    with installation.serves(PARVIS_TERRITORY=str(territory)) as http:
        for _ in range(4):
            began = time.monotonic()
            found = http.get("/fr/adresses", params={"q": "4563 saint-urbain"}, timeout=SECONDS)
            assert found.status_code == 200, found.text
            assert found.json(), "the town's own addresses are the plainer list"
            assert http.get("/fr/", timeout=SECONDS).status_code == 200
            assert time.monotonic() - began < SECONDS
    said = [each for each in installation.said() if each["event"] == "locator"]
    assert any("parvis_slow/plugin.py:" in each["where"] for each in said)


def checked(installation: Installation) -> subprocess.CompletedProcess[str]:
    words = [*PROGRAM, "plugins", "check"]
    ran = subprocess.run(words, env=installation.environ, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ran.returncode == 1, ran.stderr
    return ran


def test_what_never_returns_from_its_hook_or_its_import_is_named_and_keeps_no_start_waiting(installation, install):
    """Nobody learns anything from a service that neither starts nor says why."""
    for how in ("sleeps", "turns"):
        install(how, f"from parvis_sdk.hooks import hookimpl\n\n@hookimpl\ndef channels():\n    {BLOCKING[how]}\n")
    install("never", "import time\n\ntime.sleep(3600)\n")
    told = {line.split()[0]: line for line in checked(installation).stdout.splitlines() if line.strip()}
    for how in ("sleeps", "turns"):
        assert f"channels() · parvis_{how}/plugin.py:" in told[how]
        assert "it did not return within 5 s · the plugin is left out" in told[how]
    assert "parvis_never/plugin.py:3 · importing it takes more than 5 s" in told["never"]


def test_a_hook_that_lets_nothing_at_all_run_ends_the_check_with_its_line(installation, install):
    """A pattern that never ends holds all of Python: nothing in the process can ask it to stop."""
    body = BLOCKING["searches"]
    install("never", f"from parvis_sdk.hooks import hookimpl\n\n@hookimpl\ndef channels():\n    {body}\n")
    sooner = QUICKER.replace("NOTHING_RUNS = 30.0", "NOTHING_RUNS = 12.0")  # and takes all of them
    (installation.folder / "site/sitecustomize.py").write_text(sooner)
    assert 'parvis_never/plugin.py", line 5 in channels' in checked(installation).stderr
