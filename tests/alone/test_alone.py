"""A distribution by itself: what it names is there, and nothing else is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .alone import touched

LOOK_ROUND = """
import json, sys
from importlib import metadata
from importlib.util import find_spec
import alone
alone.hide(alone.everything_else(alone.ROOT / sys.argv[1]))
found = [name for name in sys.argv[2:] if find_spec(name)]
print(json.dumps([found, sorted({each.name for each in metadata.entry_points(group="parvis")})]))
"""


@pytest.mark.parametrize(
    ("folder", "there", "hidden"),
    [
        ("webhooks", {"parvis_sdk", "httpx", "anyio", "standardwebhooks"}, {"parvis", "parvis_reports", "litestar"}),
        ("reports", {"parvis_sdk", "msgspec"}, {"parvis", "parvis_webhooks", "standardwebhooks", "piccolo", "jinja2"}),
    ],
)
def test_only_what_a_distribution_names_is_there(folder: str, there: set[str], hidden: set[str]):
    command = [sys.executable, "-c", LOOK_ROUND, f"plugins/{folder}", *there, *hidden]
    told = subprocess.run(command, cwd=Path(__file__).parent, check=True, capture_output=True, text=True).stdout
    found, plugins = json.loads(told)
    assert {*found} == there
    assert plugins == [folder]


def test_tests_that_fail_are_told():
    command = [sys.executable, Path(__file__).with_name("alone.py"), "plugins/webhooks", "-k", "nothing_like_this"]
    told = subprocess.run(command, capture_output=True, text=True)
    assert (told.returncode, "plugins/webhooks alone" in told.stdout) == (0, True)
    command[-2:] = ["--no-such-option"]
    assert subprocess.run(command, capture_output=True).returncode != 0


def test_what_one_names_another_that_begins_in_the_same_process_cannot_import():
    command = [sys.executable, Path(__file__).with_name("alone.py"), "plugins/gis_arcgis", "plugins/reports"]
    wants_shapely = ["-W", "ignore::shapely.errors.ShapelyDeprecationWarning", "--collect-only", "-q"]
    told = subprocess.run([*command, *wants_shapely], capture_output=True, text=True)
    of = dict(part.split(" alone\n", 1) for part in told.stdout.split("--- ")[1:])
    assert "tests collected" in of["plugins/gis_arcgis"]
    assert "No module named 'shapely'" in of["plugins/reports"]
    assert told.returncode not in (0, 5)


@pytest.mark.parametrize(
    ("files", "folders", "elsewhere"),
    [
        (["plugins/webhooks/src/parvis_webhooks/sending.py", "CHANGELOG.md"], ["plugins/webhooks"], []),
        (["plugins/reports/README.md", "plugins/absences/tests/x.py"], ["plugins/absences", "plugins/reports"], []),
        (
            ["plugins/webhooks/README.md", "core/src/parvis/clock.py"],
            ["plugins/webhooks"],
            ["core/src/parvis/clock.py"],
        ),
        (["docs/adr/0001-x.md"], [], []),
    ],
)
def test_what_changed_names_the_distributions_to_try(files: list[str], folders: list[str], elsewhere: list[str]):
    found, others = touched(files)
    assert {*folders} <= {*found}
    if not folders:
        assert found == []
    assert others == elsewhere
