"""Wheels of earlier days of the sdk hold today's contract, and today's host offers what they bring."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WHEELS = sorted((Path(__file__).parent / "wheels").glob("*.whl"))
PLAYED = """
import sys
from importlib.metadata import distributions, version
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis_sdk.testing import PluginContract

[DISTRIBUTION] = distributions(path=[{wheel!r}])
[POINT] = [each for each in DISTRIBUTION.entry_points if each.group == "parvis"]


PLUGIN = POINT.load()


class TestEarlier(PluginContract):
    plugin = PLUGIN
    settings = PLUGIN.settings()() if hasattr(PLUGIN, "settings") else None
    tries = 2
    seconds = 30.0


def test_the_host_offers_what_it_brings():
    found, troubles = find_plugins()
    plugins = load_plugins(found, settings_from({{}}, {{}}), troubles)
    assert [str(each) for each in plugins.troubles if each.plugin == POINT.name and each.severe] == []
    offered = plugins.by_name[POINT.name]
    assert (offered.origin.distribution, offered.origin.version) == (DISTRIBUTION.name, DISTRIBUTION.version)
    assert offered.request_types
"""


@pytest.mark.parametrize("wheel", WHEELS, ids=lambda wheel: wheel.name.rpartition("-py3")[0])
def test_an_earlier_wheel_runs_against_the_kit_and_the_host_of_today(wheel, tmp_path):
    played = tmp_path / "test_earlier.py"
    played.write_text(PLAYED.format(wheel=str(wheel)), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(played)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]


def test_there_are_earlier_wheels():
    assert len(WHEELS) >= 3
