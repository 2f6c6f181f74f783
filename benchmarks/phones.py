"""What Lighthouse says of pages on a slow telephone: performance, accessibility, best practices, out of a hundred."""

import asyncio
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.tables import table
from benchmarks.towns import folder, free_port, lived_in, own_request, settings_for
from parvis.demo import town_folder
from parvis.host import open_host
from parvis.settings import Settings

LIGHTHOUSE = Path(__file__).parent / "lighthouse"
ASKED = ("performance", "accessibility", "best-practices")
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking"
PAGES = {
    "home": "/fr/",
    "service page": "/fr/services/rues-et-trottoirs/nid-de-poule",
    "form": "/fr/demande/rues-et-trottoirs/nid-de-poule",
    "public map": "/fr/requetes",
}


def measure() -> str:
    """Serve the demo's towns and look at each page as Lighthouse's default telephone on a slow line does."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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
        with _served(settings, place) as address:
            rows = [
                [name, *_looked_at(chromium, address + path)] for name, path in (PAGES | {"tracking": tracking}).items()
            ]
    return (
        "## Slow telephone\n\nLighthouse's mobile profile: marks out of a hundred, seconds until the largest part.\n\n"
        + table(["page", *(each.replace("-", " ") for each in ASKED), "seconds"], rows)
    )


async def _prepare(settings: Settings) -> str:
    """The address of somebody's own request."""
    await lived_in(settings)
    async with open_host(settings) as host:
        return await own_request(host.heart)


@contextlib.contextmanager
def _served(settings: Settings, place: Path) -> Any:
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


def _looked_at(chromium: str, address: str) -> list[str]:
    command = [
        str(LIGHTHOUSE / "node_modules/.bin/lighthouse"),
        address,
        "--quiet",
        "--output=json",
        "--output-path=stdout",
        f"--only-categories={','.join(ASKED)}",
        f"--chrome-flags={CHROMIUM}",
    ]
    told = subprocess.run(
        command, env=os.environ | {"CHROME_PATH": chromium}, capture_output=True, text=True, check=True
    )
    found = json.loads(told.stdout)
    for audit in found["audits"].values():
        if audit.get("score") == 0 and audit.get("scoreDisplayMode") == "binary":
            print(f"{address}: {audit['id']}: {audit['title']}", file=sys.stderr)
    marks = [f"{found['categories'][each]['score'] * 100:.0f}" for each in ASKED]
    return [*marks, f"{found['audits']['largest-contentful-paint']['numericValue'] / 1000:.1f}"]
