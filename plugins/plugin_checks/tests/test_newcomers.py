"""A vendor's plugin that claims what is another's is named before it is installed, and takes nothing."""

import zipfile

import pytest
from click.testing import CliRunner

from parvis.cli import parvis
from parvis_sdk.new_plugin.described import NewPlugin
from parvis_sdk.new_plugin.making import make
from parvis_sdk.text import Text


def run(*words):
    return CliRunner().invoke(parvis, ["plugins", *map(str, words)])


@pytest.fixture
def holes(tmp_path):
    """A vendor's plugin that declares a type of its own under the code of the town's pothole."""
    title = Text(fr="Trou", en="Hole")
    folder = tmp_path / "acme-holes"
    make(NewPlugin(name="holes", kind="type", title=title, folder=folder))
    for file in (folder / "src").rglob("*.py"):
        file.write_text(file.read_text("utf-8").replace('"hole"', '"pothole"').replace('"holes"', '"pothole"'), "utf-8")
    return folder


def test_the_code_of_the_towns_pothole_is_told_with_both_distributions(holes):
    ran = run("check", holes)
    assert ran.exit_code == 1, ran.output
    assert "holes (parvis-holes 0.1.0)" in ran.output
    assert "the request type 'pothole' belongs to parvis-reports" in ran.output
    assert "parvis plugins take-over request_types pothole holes" in ran.output
    shown = run("show", holes)
    assert (shown.exit_code, "pothole" in shown.output) == (0, True)


def test_the_entry_point_of_another_is_told_before_it_is_installed(tmp_path):
    wheel = tmp_path / "acme_reports-9.9-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("acme_reports/__init__.py", "")
        archive.writestr(
            "acme_reports/plugin.py",
            "from parvis_sdk.hooks import hookimpl\n\n\n@hookimpl\ndef request_types():\n    return []\n",
        )
        archive.writestr(
            "acme_reports-9.9.dist-info/METADATA", "Metadata-Version: 2.4\nName: acme-reports\nVersion: 9.9\n"
        )
        archive.writestr("acme_reports-9.9.dist-info/entry_points.txt", "[parvis]\nreports = acme_reports.plugin\n")
    ran = run("check", wheel)
    assert ran.exit_code == 1, ran.output
    assert "reports (acme-reports 9.9)" in ran.output
    assert "the plugin name 'reports' belongs to parvis-reports" in ran.output


@pytest.mark.parametrize("name", ["secret", "notify", "reports"])
def test_a_newcomer_sees_no_setting_of_somebody_else_whatever_it_calls_itself(tmp_path, monkeypatch, name):
    monkeypatch.setenv("PARVIS_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("PARVIS_NOTIFY_PASSWORD", "p")
    monkeypatch.setenv("PARVIS_REPORTS_KEY", "k")
    monkeypatch.setenv("PARVIS_BELLS_KEY", "its own")
    seen, wheel = tmp_path / "seen", tmp_path / "acme_bells-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        looks = f"import os, pathlib\npathlib.Path({str(seen)!r}).write_text(' '.join(sorted(os.environ)))\n"
        archive.writestr("acme_bells.py", looks)
        archive.writestr("acme_bells-1.0.dist-info/METADATA", "Metadata-Version: 2.4\nName: acme-bells\nVersion: 1.0\n")
        points = f"[parvis]\n{name} = acme_bells\nbells = acme_bells\n"
        archive.writestr("acme_bells-1.0.dist-info/entry_points.txt", points)
    run("check", wheel)
    told = [each for each in seen.read_text("utf-8").split() if each.startswith("PARVIS_")]
    assert told == ["PARVIS_BELLS_KEY"]
