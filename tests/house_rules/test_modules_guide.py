"""The module that docs/modules.md writes is installed, migrated, and its tests pass."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.example_towns import town_folder

NAMED_FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INFO = "parvis_tides-0.1.0.dist-info"
METADATA = "Metadata-Version: 2.4\nName: parvis-tides\nVersion: 0.1.0\n"


@pytest.fixture(scope="module")
def tides(root, tmp_path_factory) -> Path:
    """The module of the guide in a folder, with what pip would write beside it."""
    folder = tmp_path_factory.mktemp("parvis-tides")
    files = dict(NAMED_FILE.findall((root / "docs/modules.md").read_text(encoding="utf-8")))
    files[f"src/{INFO}/METADATA"] = METADATA
    files[f"src/{INFO}/entry_points.txt"] = "[parvis.modules]\ntides = parvis_tides.plugin:MODULE\n"
    for package in ("src/parvis_tides", "src/parvis_tides/migrations"):
        files[f"{package}/__init__.py"] = ""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def python(folder: Path, code: str, src: str = "src") -> subprocess.CompletedProcess[str]:
    """Run a program with the module in sight, as if it were installed."""
    seeing = f"import sys; sys.path.insert(0, {str(folder / src)!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-c", seeing], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def parvis(folder: Path, *words: str, src: str = "src") -> subprocess.CompletedProcess[str]:
    return python(folder, f"sys.argv = {['parvis', *words]!r}; from parvis.cli import main; main()", src)


def test_every_file_is_in_the_folder_tree_of_the_guide(root, tides):
    tree = (root / "docs/modules.md").read_text(encoding="utf-8").partition("parvis-tides/\n")[2].partition("```")[0]
    told = set(re.findall(r"[\w.]+\.(?:py|toml|html)", tree))
    assert told == {path.name for path in tides.rglob("*") if path.is_file() and INFO not in path.parts}


def test_its_own_tests_pass(tides):
    done = python(
        tides,
        "import pytest; sys.exit(pytest.main(['-q', '-o', 'anyio_mode=auto', '-p', 'no:cacheprovider', 'tests']))",
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_command_brings_its_tables_and_tells_when_they_are_left_behind(tides):
    settings = tides / "parvis.toml"
    (tides / "secret").write_text("s" * 40, encoding="utf-8")
    settings.write_text(f'territory = "{town_folder()}"\nsecret_key_file = "secret"\n', encoding="utf-8")
    done = parvis(tides, "--settings", str(settings), "migrate")
    assert done.returncode == 0, done.stderr
    assert "2026-11-29T20:00:00:000000" in done.stdout.splitlines()
    alone = parvis(tides, "--settings", str(settings), "migrate", src="gone")
    assert alone.stderr == "the tables of the module tides were not changed, because it is not installed\n"
