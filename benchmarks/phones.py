"""What Lighthouse says of pages on a slow telephone, each of its four marks out of a hundred."""

import asyncio
import contextlib
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, own_request, settings_for
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.settings import Settings
from parvis_testing.ports import free_port

LIGHTHOUSE = Path(__file__).parent / "lighthouse"
ASKED = ("performance", "accessibility", "best-practices", "seo")
OF_ONE_PERSON = "--skip-audits=is-crawlable,meta-description"  # no search engine may list it
RUNS = 3  # of each page: what else the machine does moves single ones by ten marks
COLUMNS = [
    "page",
    "performance",
    "from - to",
    "accessibility",
    "best practices",
    "found by search",
    "blocked (ms)",
    "largest part (s)",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking"
PAGES = {
    "home": "/fr/",
    "service page": "/fr/services/rues-et-trottoirs/nid-de-poule",
    "form": "/fr/demande/rues-et-trottoirs/nid-de-poule",
    "form in English": "/en/request/streets-and-sidewalks/pothole",
    "public map": "/fr/requetes",
    "way to one’s request": "/fr/suivi",
}


def measure() -> str:
    """Serve the demo's towns and look at each page as Lighthouse's default telephone on a slow line does."""
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    npm = shutil.which("npm")
    if not chromium or not npm:
        return "## Slow telephone\n\nNot measured: no Chromium or no npm found."
    if not (LIGHTHOUSE / "node_modules").exists():
        environ = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"}
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=LIGHTHOUSE, env=environ, check=True, stdout=sys.stderr)
    with folder() as place:
        settings = settings_for(place)
        with contextlib.redirect_stdout(io.StringIO()):
            tracking = asyncio.run(_prepare(settings))
        with served(settings, place) as address:
            rows = [
                [name, *_middle([_looked_at(chromium, address + path) for _ in range(RUNS)])]
                for name, path in PAGES.items()
            ]
            own = [_looked_at(chromium, address + tracking, OF_ONE_PERSON) for _ in range(RUNS)]
            rows.append(["tracking", *_middle(own)])
    told = f"Lighthouse's mobile profile, each page {RUNS} times: the middle of each figure, marks out of a hundred."
    return f"## Slow telephone\n\n{told}\n\n" + table(COLUMNS, rows)


def _middle(runs: list[list[float]]) -> list[str]:
    performance, *others, blocked, largest = (statistics.median(each) for each in zip(*runs, strict=True))
    marks = [run[0] for run in runs]
    span = f"{min(marks):.0f} - {max(marks):.0f}"
    return [
        f"{performance:.0f}",
        span,
        *(f"{each:.0f}" for each in others),
        f"{blocked:.0f}",
        f"{largest / 1000:.1f}",
    ]


async def _prepare(settings: Settings) -> str:
    """The address of somebody's own request."""
    await lived_in(settings)
    async with open_deployment(settings) as deployment:
        return await own_request(deployment.host)


@contextlib.contextmanager
def served(settings: Settings, place: Path) -> Any:
    """The towns of a folder, answering at the address that is given."""
    port = free_port()
    environ = os.environ | {
        "PARVIS_TERRITORY": str(town_folder()),
        "PARVIS_SECRET_KEY": settings.secret_key,
        "PARVIS_DATA": str(place),
        "PARVIS_DEMO": "true",
        "PARVIS_LOG_LEVEL": "error",
    }
    parvis = str(Path(sys.executable).parent / "parvis")
    process = subprocess.Popen([parvis, "serve", "--port", str(port)], env=environ, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=5):
                break
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _looked_at(chromium: str, address: str, *more: str) -> list[float]:
    command = [
        str(LIGHTHOUSE / "node_modules/.bin/lighthouse"),
        address,
        "--quiet",
        "--output=json",
        "--output-path=stdout",
        f"--only-categories={','.join(ASKED)}",
        f"--chrome-flags={CHROMIUM}",
        *more,
    ]
    told = subprocess.run(
        command, env=os.environ | {"CHROME_PATH": chromium}, capture_output=True, text=True, check=True
    )
    found = json.loads(told.stdout)
    for audit in found["audits"].values():
        if audit.get("score") == 0 and audit.get("scoreDisplayMode") == "binary":
            print(f"{address}: {audit['id']}: {audit['title']}", file=sys.stderr)
    marks = [found["categories"][each]["score"] * 100 for each in ASKED]
    times = ("total-blocking-time", "largest-contentful-paint")
    return [*marks, *(found["audits"][each]["numericValue"] for each in times)]
