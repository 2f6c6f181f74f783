"""A vendor's project from an empty folder: the plugin of the README, its contract, the fixtures, its codes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
CONFTEST = """
import pytest
from parvis_benches import plugin

@pytest.fixture
def parvis_plugin():
    return plugin
"""
TESTS = """
async def test_a_bench_at_the_desk_of_the_fixture(desk):
    raw = {"answers": {"danger": False}, "place": {"words": "ici"}, "requester": {"mode": "anonymous"}}
    assert (await desk.submit("broken_bench", raw)).state == "received"

async def test_an_exchange_that_is_played_whole(exchange):
    exchange.answer("GET", "/benches", json=[])
    async with exchange.client() as client:
        assert (await client.get("/benches")).json() == []

def test_an_exchange_that_is_not(exchange):
    exchange.answer("GET", "/benches")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "parvis_benches").mkdir()
    (tmp_path / "parvis_benches" / "__init__.py").write_text("")
    (tmp_path / "parvis_benches" / "plugin.py").write_text(f"{BLOCKS[0]}\n\n{BLOCKS[2]}")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_contract.py").write_text(BLOCKS[3])
    (tmp_path / "test_walk.py").write_text(BLOCKS[4] + TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nanyio_mode = auto\nfilterwarnings = error\n")
    return tmp_path


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=project, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_tests_that_the_readme_shows_run_in_a_project_of_their_own(project):
    walk = project / "test_walk.py"
    walk.write_text(f"from parvis_benches import plugin\n{walk.read_text()}")
    ran = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert re.search(r"\b(2[7-9]|[3-9][0-9]) passed, 1 error", ran.stdout), ran.stdout
    assert "never asked: GET /benches" in ran.stdout


def test_a_project_that_forgot_to_name_its_plugin_is_told(project):
    (project / "conftest.py").unlink()
    (project / "test_contract.py").unlink()
    ran = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "desk_of_the_fixture")
    assert "define the fixture parvis_plugin in conftest.py" in ran.stdout


def test_the_codes_of_a_plugin_are_printed_one_a_line(project):
    ran = run(project, "-m", "parvis_sdk.testing.codes", "parvis_benches.plugin")
    lines = ran.stdout.splitlines()
    assert lines[:3] == ["broken_bench", "broken_bench/answers/danger", "broken_bench/state/received"]
    assert "broken_bench/transition/resolve/reason" in lines
    assert len(lines) == len(set(lines))
    assert ran.stderr == ""


def test_production_never_loads_the_kit():
    code = "import sys, parvis_sdk, parvis_sdk.hooks, parvis_sdk.counter; print(*sys.modules)"
    loaded = run(Path.cwd(), "-c", code).stdout.split()
    assert "parvis_sdk.hooks" in loaded
    assert not {"pytest", "hypothesis", "jsonschema", "rstr", "parvis_sdk.testing"} & set(loaded)


def test_the_kit_itself_needs_no_tester_until_a_test_runs():
    loaded = run(Path.cwd(), "-c", "import sys, parvis_sdk.testing; print(*sys.modules)").stdout.split()
    assert "parvis_sdk.testing.contract" in loaded
    assert not {"pytest", "hypothesis", "jsonschema", "rstr"} & set(loaded)
