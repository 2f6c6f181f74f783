"""Ruff really refuses what the house forbids."""

import subprocess
import sys

import pytest

FORBIDDEN = {
    "import core.src.parvis": "TID251",
    "from sdk.src import parvis_sdk": "TID251",
    "import plugins.permits": "TID251",
    "from datetime import UTC, datetime\n\nnow = datetime.now(UTC)": "TID251",
    "import time\n\nnow = time.time()": "TID251",
    "from datetime import datetime\n\nthen = datetime(2026, 1, 1)": "DTZ001",
    "from litestar.testing import AsyncTestClient": "TID251",
    "from litestar.contrib.jinja import JinjaTemplateEngine": "TID251",
    "from piccolo.engine.sqlite import SQLiteEngine": "TID251",
    "from piccolo.engine.postgres import PostgresEngine": "TID251",
    "try:\n    pass\nexcept Exception:\n    pass": "BLE001",
    "print('hello')": "T201",
    "assert True": "S101",
}


@pytest.mark.parametrize("code", FORBIDDEN)
def test_ruff_refuses(code, root):
    assert f" {FORBIDDEN[code]} " in _ruff(code, root, "core/src/parvis/requests/planted.py")


def test_ruff_leaves_good_code_alone(root):
    good = '"""A module."""\n\nfrom parvis import clock\n\nNOW = clock.now\n'
    assert _ruff(good, root, "core/src/parvis/requests/planted.py") == "All checks passed!\n"


def _ruff(code: str, root, name: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise", "--stdin-filename", name, "-"]
    return subprocess.run(command, cwd=root, input=code, capture_output=True, text=True, check=False).stdout
