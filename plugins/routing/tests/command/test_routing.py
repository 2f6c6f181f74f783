"""`parvis routing`: the rules in force as a file, a file checked, a file tried on the past."""

import asyncio

import pytest
from click.testing import CliRunner

from parvis.cli import parvis
from parvis.example_towns import town_folder
from parvis_testing.modules import all_on

GOOD = 'default = "citizens"\n[[rules]]\nid = "a"\ntypes = ["pothole"]\nunit = "parks"\n'


@pytest.fixture
def run(tmp_path, database_url, monkeypatch):
    """Runs a command on the demo's towns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARVIS_TERRITORY", str(town_folder()))
    monkeypatch.setenv("PARVIS_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("PARVIS_DATA", str(tmp_path))
    monkeypatch.setenv("PARVIS_DATABASE", database_url)
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "bad.toml").write_text(GOOD.replace("parks", "nowhere"))
    (tmp_path / "broken.toml").write_text("default = ")

    async def go(*words):
        return await asyncio.to_thread(CliRunner().invoke, parvis, ["routing", *words])

    return go


async def test_the_rules_in_force_are_shown_as_a_file_that_checks(run, database, modules, tmp_path):
    await all_on(database, modules)
    shown = await run("show", "--town", "parvis")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("# of the town's files\n")
    (tmp_path / "shown.toml").write_text(shown.stdout)
    checked = await run("check", "shown.toml", "--town", "parvis")
    assert (checked.exit_code, checked.stdout) == (0, "these rules can be put into force\n")


async def test_a_file_that_leads_nowhere_is_told_so_and_exits_with_1(run):
    checked = await run("check", "bad.toml", "--town", "parvis")
    assert (checked.exit_code, checked.stdout) == (1, "rule 1: There is no unit “nowhere”.\n")
    broken = await run("check", "broken.toml", "--town", "parvis")
    assert broken.exit_code == 1
    assert "broken.toml: " in str(broken.exception)
    assert (await run("check", "good.toml", "--town", "nowhere")).exit_code == 1


async def test_a_file_is_tried_on_the_requests_of_the_past(run, database):
    tried = await run("try", "good.toml", "--town", "parvis")
    assert (tried.exit_code, tried.stdout) == (0, "0 of 0 requests of the last 90 days would have gone elsewhere\n")
