"""The guides say what is so: the plugin they write is installed and proved, what they name exists."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

NAMED_FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INFO = "parvis_bikes-1.0.0.dist-info"
METADATA = """\
Metadata-Version: 2.4
Name: parvis-bikes
Version: 1.0.0
Requires-Dist: parvis-sdk>=0.1,<0.2
"""
CODES = """
import runpy
sys.argv = ["codes", "parvis_bikes.plugin"]
runpy.run_module("parvis_sdk.testing.codes", run_name="__main__")
"""


def python(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the plugin in sight, as if it were installed."""
    seeing = f"import sys; sys.path.insert(0, {str(folder / 'src')!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-c", seeing], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def parvis(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return python(folder, f"sys.argv = {['parvis', *words]!r}; from parvis.cli import main; main()")


@pytest.fixture(scope="module")
def bikes(root, tmp_path_factory) -> Path:
    """The plugin of docs/plugins.md in a folder, with what pip would write beside it."""
    folder = tmp_path_factory.mktemp("parvis-bikes")
    files = dict(NAMED_FILE.findall((root / "docs/plugins.md").read_text(encoding="utf-8")))
    assert {"pyproject.toml", "src/parvis_bikes/plugin.py", "tests/test_contract.py"} <= set(files)
    files[f"src/{INFO}/METADATA"] = METADATA
    files[f"src/{INFO}/entry_points.txt"] = "[parvis]\nbikes = parvis_bikes.plugin\n"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_every_file_of_the_plugin_guide_is_named_and_in_its_folder_tree(root, bikes):
    guide = (root / "docs/plugins.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```py$", guide, re.MULTILINE)
    assert len(blocks) == len(re.findall(r"^\*\*`[^`]+\.py`\*\*$", guide, re.MULTILINE))
    tree = guide.partition("parvis-bikes/\n")[2].partition("```")[0]
    told = set(re.findall(r"[\w.]+\.(?:py|toml|txt)", tree))
    made = {path.name for path in bikes.rglob("*") if path.is_file() and INFO not in path.parts}
    assert told == {*made, "codes.txt"}


def test_the_plugin_of_the_guide_passes_its_own_tests(bikes):
    ran = python(bikes, "import pytest; raise SystemExit(pytest.main(['-q', '-p', 'no:cacheprovider', 'tests']))")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "24 passed" in ran.stdout


def test_the_codes_of_the_plugin_of_the_guide_are_printed(bikes):
    assert python(bikes, CODES).stdout.splitlines()[0] == "bike_rack"


def test_the_host_finds_the_plugin_of_the_guide_and_has_nothing_to_say_against_it(bikes):
    check = parvis(bikes, "plugins", "check")
    assert check.returncode == 0, check.stdout + check.stderr
    shown = parvis(bikes, "plugins", "show", "bikes").stdout
    assert "bikes (parvis-bikes 1.0.0)" in shown
    assert "hears Moved; needs nothing personal" in shown


def test_every_benchmark_is_told_in_their_own_order(root):
    listed = re.search(r"^ALL = (\[.+?\])", (root / "benchmarks/__main__.py").read_text(), re.MULTILINE | re.DOTALL)
    named = ast.literal_eval(listed[1])
    readme = (root / "benchmarks/README.md").read_text(encoding="utf-8")
    assert re.findall(r"^- \*\*(\w+)\*\*:", readme, re.MULTILINE) == named
    assert re.findall(r"\s\[(\w+)\]", readme.partition("`)")[0]) == named
