"""`parvis open-data` writes what everybody may have of a year."""

import os
import shutil
import subprocess
import sys

import pytest

from parvis import clock
from parvis.example_towns import town_folder
from parvis.house.finding_modules import find_modules

pytestmark = pytest.mark.slow  # a process of its own
PROGRAM = [sys.executable, "-c", "from parvis.cli import main; main()"]
HANGS = 120  # seconds after which a process is taken to hang, however busy the machine


@pytest.fixture
def run(tmp_path, templates, on_postgres):
    if on_postgres:
        pytest.skip("the command is tried on SQLite")
    shutil.copyfile(templates.of(find_modules()).removeprefix("sqlite:///"), tmp_path / "parvis.sqlite")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    towns = {"PARVIS_TERRITORY": str(town_folder()), "PARVIS_SECRET_KEY": "s" * 40, "PARVIS_DATA": str(tmp_path)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, "open-data", *words],
            cwd=tmp_path,
            env=clean | clock.variables() | towns,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANGS,
        )

    return run


def test_the_open_data_of_a_year_is_written_to_a_file(run, tmp_path):
    ran = run("out.csv", "--town", "parvis", "--year", "2026")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out.csv").read_text("utf-8-sig").startswith("reference,service,service_fr")
    refused = run("out.csv", "--town", "rien", "--year", "2026")
    assert refused.returncode == 1
    assert refused.stderr.startswith("parvis: ")
    assert "no jurisdiction 'rien'" in refused.stderr
