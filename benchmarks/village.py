"""A village with reports alone, installed by itself: what its desk shows, and what starting, serving and home cost."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import json

from benchmarks.processes import cost_of, memory, processor
from benchmarks.tables import table
from benchmarks.towns import folder
from parvis_testing.jurisdictions import SmallTown
from parvis_testing.ports import free_port

ROOT = Path(__file__).parents[1]
INSTALLED = ("sdk", "core", "plugins/reports")
BARE = "import litestar, piccolo.table, pluggy, msgspec, jinja2, httpx"
TIMES = 3
COUNTED = """
import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
print(json.dumps([name for name, in rows if not name.startswith(("sqlite_", "migration"))]))
"""


def measure() -> str:
    """Install `parvis-sdk`, `parvis` and `parvis-reports` beside nothing, serve a village, and ask it."""
    with folder() as place:
        python = _installed(place.resolve() / "alone")
        environ = _village(place.resolve())
        parvis = python.with_name("parvis")
        subprocess.run([parvis, "migrate"], env=environ, check=True, stdout=subprocess.DEVNULL)
        bare = min(cost_of([python, "-c", BARE], environ) for _ in range(TIMES))
        seen = [_served(parvis, environ) for _ in range(TIMES)]
        database = f"{environ['PARVIS_DATA']}/parvis.sqlite"
        counted = subprocess.run([python, "-c", COUNTED, database], check=True, capture_output=True).stdout
    started = min(each["processor"] for each in seen)
    last = seen[-1]
    rows: list[list[object]] = [
        ["processor until home answers, s (least of three)", f"{started:.2f}", ""],
        ["the bare libraries imported, s", f"{bare:.2f}", ""],
        ["times", f"{started / bare:.1f}", "4"],
        ["memory of the process that serves, MB: whole, its share", f"{last['rss']:.0f}, {last['pss']:.0f}", "130"],
        ["bytes of home: plain, packed", f"{last['home']:.0f}, {last['packed']:.0f}", ""],
        ["tables", len(json.decode(counted)), ""],
        ["operations of the API", f"{last['operations']:.0f}", ""],
    ]
    words = "Distributions `parvis-sdk`, `parvis`, `parvis-reports` in an environment of their own; SQLite, one town."
    return "## A village\n\n" + words + "\n\n" + table(["what", "measured", "aim"], rows)


def _installed(place: Path) -> Path:
    """An environment in which nothing else is installed."""
    subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, place], check=True)
    python = place / "bin" / "python"
    wanted = [f"./{each}" for each in INSTALLED]
    subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, *wanted], cwd=ROOT, check=True)
    return python


def _village(place: Path) -> dict[str, str]:
    town = SmallTown(place / "territory")
    town.edit("essai/jurisdiction.toml", "[brand]", 'plugins = ["reports"]\n\n[brand]')
    data = place / "data"
    data.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARVIS_", "PYTHON"))}
    own = {"PARVIS_TERRITORY": str(town.folder), "PARVIS_DATA": str(data), "PARVIS_SECRET_KEY": "s" * 48}
    return kept | own | {"PARVIS_LOG_LEVEL": "error", "PARVIS_WORKER": "false"}


def _served(parvis: Path, environ: dict[str, str]) -> dict[str, float]:
    with _running(parvis, environ) as (process, home):
        first = _asked(f"{home}/fr/")
        spent = processor(process)
        packed = _asked(f"{home}/fr/", "gzip")
        described = json.decode(_asked(f"{home}/api/v1/openapi.json"))
        return {
            "processor": spent,
            "home": len(first),
            "packed": len(packed),
            "operations": sum(len(each) for each in described["paths"].values()),
            **memory(process),
        }


@contextmanager
def _running(parvis: Path, environ: dict[str, str]) -> Iterator[tuple[int, str]]:
    port = free_port()
    process = subprocess.Popen([parvis, "serve", "--port", str(port)], env=environ, stderr=subprocess.DEVNULL)
    home, begun = f"http://127.0.0.1:{port}", time.perf_counter()
    try:
        while not _answers(f"{home}/fr/"):
            if time.perf_counter() - begun > 300:
                raise TimeoutError("parvis serve does not answer")
            time.sleep(0.02)
        yield process.pid, home
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: str) -> bool:
    try:
        return bool(_asked(address))
    except OSError:
        return False


def _asked(address: str, encoding: str = "identity") -> bytes:
    request = urllib.request.Request(address, headers={"accept-encoding": encoding})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body: bytes = answer.read()
        return body
