"""The guides say what is so: the plugin they write is installed and proved, what they name exists."""

import re
import sys
from pathlib import Path

import pytest

from parvis_testing.guide_walk import AS_MADE, GuideWalk

PIP = """\
import pathlib, sys
match sys.argv[1:]:
    case ["install", "./parvis/sdk"]:
        assert 'name = "parvis-sdk"' in pathlib.Path("parvis/sdk/pyproject.toml").read_text()
    case ["install", "-e", ".[testing]"]:
        told = pathlib.Path("src/parvis_bikes-0.1.0.dist-info")
        told.mkdir()
        (told / "METADATA").write_text(
            "Metadata-Version: 2.4\\nName: parvis-bikes\\nVersion: 0.1.0\\nRequires-Dist: parvis-sdk>=0.1,<0.2\\n"
        )
        (told / "entry_points.txt").write_text("[parvis]\\nbikes = parvis_bikes.plugin\\n")
    case other:
        raise SystemExit(f"the guide says pip {other}")
"""


@pytest.fixture(scope="module")
def walked(root, tmp_path_factory) -> GuideWalk:
    """The plugin guide, walked from an empty folder to its end."""
    folder = tmp_path_factory.mktemp("vendor")
    tools = folder / "tools"
    tools.mkdir()
    (tools / "pip").write_text(f"#!{sys.executable}\n{PIP}")
    (tools / "pip").chmod(0o755)
    tools_first = f"{tools}:{Path(sys.executable).parent}"
    walk = GuideWalk(folder, root, tools_first, PYTHONPATH=str(folder / "parvis-bikes/src"))
    assert walk.walk() > AS_MADE
    return walk


def test_what_a_plugin_of_the_guide_is_made_of_is_in_its_folder_tree(root, walked):
    guide = (root / "docs/plugins.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```py$", guide, re.MULTILINE)
    assert len(blocks) == len(re.findall(r"^\*\*`[^`]+\.py`\*\*$", guide, re.MULTILINE))
    tree = guide.partition("parvis-bikes/\n")[2].partition("```")[0]
    told = {line.split()[0] for line in tree.splitlines() if line.strip() and not line.split()[0].endswith("/")}
    left_behind = ("__pycache__", ".mypy_cache", ".pytest_cache", ".hypothesis", "parvis_bikes-0.1.0.dist-info")
    paths = (path for path in walked.at.rglob("*") if path.is_file() and not {*path.parts} & {*left_behind})
    assert told == {path.name for path in paths}


def test_the_plugin_of_the_guide_passes_its_tests_as_it_is_made_and_as_it_is_written(walked):
    passed = [int(count) for said in walked.printed for count in re.findall(r"(\d+) passed", said)]
    assert len(passed) == 2
    assert min(passed) >= 24
    assert sum(said.count("Success: no issues found") for said in walked.printed) == 2


def test_the_codes_of_the_plugin_of_the_guide_are_kept(walked):
    assert (walked.at / "tests/codes.txt").read_text().splitlines()[0] == "bike_rack"


def test_the_host_finds_the_plugin_of_the_guide_and_has_nothing_to_say_against_it(walked):
    assert "bikes (parvis-bikes 0.1.0)" in walked.printed[-1]
    assert "order receives Moved about bike_rack; needs nothing personal" in walked.printed[-1]


def test_every_benchmark_is_told_in_their_own_order(root):
    listed = (root / "benchmarks/__main__.py").read_text().partition("\nMEASURES: ")[2].partition("\n}\n")[0]
    named = re.findall(r'^    "(\w+)": ', listed, re.MULTILINE)
    readme = (root / "benchmarks/README.md").read_text(encoding="utf-8")
    assert re.findall(r"^- \*\*(\w+)\*\*:", readme, re.MULTILINE) == named != []


def test_every_file_and_folder_that_the_architecture_names_is_there(root):
    told = (root / "docs/architecture.md").read_text("utf-8")
    named = set(re.findall(r"`([\w/]+(?:\.py|/))`", told))
    assert len(named) > 60
    sources = [root / "core/src/parvis", root / "sdk/src/parvis_sdk", *root.glob("plugins/*/src/*")]
    there = {f"/{each.relative_to(of)}{'/' * each.is_dir()}" for of in sources for each in of.rglob("*")}
    lost = {each for each in named if not (root / each).exists() and not any(e.endswith(f"/{each}") for e in there)}
    assert lost == set()
