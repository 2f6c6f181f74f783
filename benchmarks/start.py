"""How long the host takes from nothing to its first page."""

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.tables import table
from benchmarks.towns import folder
from parvis.example_towns import town_folder
from parvis_testing.ports import free_port

TIMES = 5


def measure() -> str:
    """Start `parvis serve` several times with a migrated database; seconds until /fr/ answers, and of `--help`."""
    with folder() as place:
        environ = os.environ | {
            "PARVIS_TERRITORY": str(town_folder()),
            "PARVIS_SECRET_KEY": "s" * 48,
            "PARVIS_DATA": str(place),
            "PARVIS_LOG_LEVEL": "error",
        }
        parvis = str(Path(sys.executable).parent / "parvis")
        subprocess.run([parvis, "migrate"], env=environ, check=True, stdout=subprocess.DEVNULL)
        served = [_first_page(parvis, environ) for _ in range(TIMES)]
        helped = [_timed([parvis, "--help"], environ) for _ in range(TIMES)]
    rows = [
        ["`parvis serve` until the first page", f"{statistics.median(served):.2f}", "2.00"],
        ["`parvis --help`", f"{statistics.median(helped):.2f}", "-"],
    ]
    return "## Start\n\n" + table(["what", "seconds (median)", "limit"], [list(row) for row in rows])


def _first_page(parvis: str, environ: dict[str, str]) -> float:
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen([parvis, "serve", "--port", str(port)], env=environ, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/fr/", timeout=5) as answer:
                    answer.read()
                return time.perf_counter() - begun
            except OSError:
                if time.perf_counter() - begun > 60:
                    raise
                time.sleep(0.01)
    finally:
        process.terminate()
        process.wait(20)


def _timed(command: list[str], environ: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun
