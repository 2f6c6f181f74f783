"""`parvis levels`: the levels in force as a file, a file checked."""

import asyncio

import pytest
from click.testing import CliRunner

from parvis.cli import parvis
from parvis.demo import town_folder

GOOD = '[[rules]]\nid = "a"\ntype = "pothole"\nbusiness_days = 8\n'


@pytest.fixture
def run(tmp_path, database_url, monkeypatch):
    """Runs a command on the demo's towns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARVIS_TERRITORY", str(town_folder()))
    monkeypatch.setenv("PARVIS_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("PARVIS_DATA", str(tmp_path))
    monkeypatch.setenv("PARVIS_DATABASE", database_url)
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "bad.toml").write_text(GOOD + GOOD.replace('"a"', '"b"'))
    (tmp_path / "broken.toml").write_text(GOOD.replace("type", "kind"))

    async def go(*words):
        return await asyncio.to_thread(CliRunner().invoke, parvis, ["levels", *words])

    return go


async def test_the_levels_in_force_are_shown_as_a_file_that_checks(run, tmp_path):
    shown = await run("show", "--town", "parvis")
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("# of the town's files\n")
    (tmp_path / "shown.toml").write_text(shown.output)
    checked = await run("check", "shown.toml", "--town", "parvis")
    assert (checked.exit_code, checked.output) == (0, "these levels can be put in force\n")


async def test_a_line_that_never_fits_is_told_so_and_exits_with_1(run):
    checked = await run("check", "bad.toml", "--town", "parvis")
    told = "line 2: Line 1 takes all that this one would: move this one up, or take it out.\n"
    assert (checked.exit_code, checked.output) == (1, told)
    broken = await run("check", "broken.toml", "--town", "parvis")
    assert broken.exit_code == 1
    assert "broken.toml: " in str(broken.exception)
