"""`parvis levels`: the levels in force as a file, a file checked, a file tried on the past."""

import asyncio
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from parvis import clock
from parvis.cli import parvis
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_testing.crowded import ANA

GOOD = '[[rules]]\nid = "a"\ntype = "pothole"\nbusiness_days = 8\n'

POTHOLE = {
    "language": "fr",
    "answers": {"size": "large", "surface": "lane", "danger": False},
    "place": {"lon": -73.5850, "lat": 45.5480, "address": "6000, rue Saint-Denis"},
    "requester": {"mode": "anonymous"},
}


@pytest.fixture
def run(tmp_path, database_url, monkeypatch):
    """Runs a command on the demo's towns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARVIS_TERRITORY", str(town_folder()))
    monkeypatch.setenv("PARVIS_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("PARVIS_DATA", str(tmp_path))
    monkeypatch.setenv("PARVIS_DATABASE", database_url)
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "short.toml").write_text(GOOD.replace("8", "2"))
    (tmp_path / "bad.toml").write_text(GOOD + GOOD.replace('"a"', '"b"'))
    (tmp_path / "broken.toml").write_text(GOOD.replace("type", "kind"))

    async def go(*words):
        return await asyncio.to_thread(CliRunner().invoke, parvis, ["levels", *words])

    return go


async def test_the_levels_in_force_are_shown_as_a_file_that_checks(run, tmp_path):
    shown = await run("show", "--town", "parvis")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("# of the town's files\n")
    (tmp_path / "shown.toml").write_text(shown.stdout)
    checked = await run("check", "shown.toml", "--town", "parvis")
    assert (checked.exit_code, checked.stdout) == (0, "these levels can be put into force\n")


async def test_a_line_that_never_fits_is_told_so_and_exits_with_1(run):
    checked = await run("check", "bad.toml", "--town", "parvis")
    told = "line 2: This rule will never apply: rule 1 already covers all its cases. Move it up or remove it.\n"
    assert (checked.exit_code, checked.stdout) == (1, told)
    broken = await run("check", "broken.toml", "--town", "parvis")
    assert broken.exit_code == 1
    assert "broken.toml: " in str(broken.exception)


async def test_a_file_is_tried_on_the_promises_of_the_past(run, tmp_path, database_url):
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url)
    async with open_deployment(settings) as deployment:
        with clock.moved_to(datetime(2025, 6, 2, 15, tzinfo=UTC)) as time:
            at_once, on_friday, _ = [
                await RequestService(deployment.host).submit("parvis", "pothole", POTHOLE, channel="portal")
                for _ in range(3)
            ]
            time.forward(hours=1)
            await mend(deployment.host, at_once)
            time.forward(days=4)
            await mend(deployment.host, on_friday)
    tried = await run("try", "short.toml", "--town", "parvis", "--days", "3660")
    line = "      3  line 1: 5 business days -> 2 business days  33% kept instead of 67%\n"
    assert (tried.exit_code, tried.stdout) == (
        0,
        f"{line}3 of 3 promised dates of the last 3660 days would have been different\n",
    )
    newest = await run("try", "short.toml", "--town", "parvis", "--days", "3660", "--most", "1")
    assert newest.stdout.endswith("\n1 of 1 promised dates of the last 3660 days would have been different\n")
    none = await run("try", "short.toml", "--town", "parvis")
    assert (none.exit_code, none.stdout) == (
        0,
        "0 of 0 promised dates of the last 365 days would have been different\n",
    )


async def mend(host, receipt):
    for move in ("start", "resolve"):
        assert isinstance(await make_move(host, receipt.reference, move, {}, actor=ANA, mover="agent"), Record)
