"""The street party of the examples: its own tests pass with the sdk alone, and a town finds nothing to complain of."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from parvis.cli import parvis

FOLDER = Path(__file__).parents[2] / "examples/street_party"


def test_its_own_tests_pass():
    """Each within 50 ms of its own time, as its file says; `tests/agreement` plays it on a real host."""
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests"],
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": str(FOLDER / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_town_finds_nothing_wrong_with_it():
    ran = CliRunner().invoke(parvis, ["plugins", "check", str(FOLDER)])
    assert (ran.exit_code, ran.output) == (0, "parvis-street-party 0.1.0, no trouble\n")


def test_it_knows_the_sdk_alone():
    imported = {
        line.split()[1].split(".")[0]
        for file in FOLDER.rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if line.startswith(("from ", "import "))
    }
    known = {"datetime", "decimal", "msgspec", "parvis_sdk", "parvis_street_party", "pytest", "time", "collections"}
    assert imported <= known
