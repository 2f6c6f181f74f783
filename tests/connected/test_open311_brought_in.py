"""Requests of an Open311 server brought in by `parvis migration`: of another Parvis, and of a server that is none."""

import asyncio
import csv
import json
import shutil
import sqlite3

import httpx
import pytest

from parvis.plugins.module_discovery import find_modules

from .next_town import NextTown

NUMBER = 12
SINCE = ("--since", "2026-11-01")
PLACE = {"lat": "45.5236", "long": "-73.5807", "attribute[size]": "large", "attribute[surface]": "lane"}


@pytest.fixture
def here(tmp_path, surroundings, templates, on_postgres):
    """The installation that brings them in, and speaks to this machine."""
    if on_postgres:
        pytest.skip("commands are tried on SQLite")
    folder = tmp_path / "here"
    folder.mkdir()
    shutil.copyfile(templates.of(find_modules()).removeprefix("sqlite:///"), folder / "parvis.sqlite")
    (folder / "parvis.toml").write_text('[outgoing]\nprivate = ["127.0.0.0/8"]\n', "utf-8")
    town = NextTown(folder, surroundings)
    town.command("modules", "on", "migration", "--town", "parvis", "--reason", "Reprise")
    return town


def said_by(here, *words):
    return here.command("migration", *words, "--town", "parvis", "--language", "en")


def held(here):
    with sqlite3.connect(here.folder / "parvis.sqlite") as connection:
        rows = connection.execute("SELECT external_references, state, submitted_at FROM service_request").fetchall()
    connection.close()
    return {json.loads(known)["next"]: (state, at) for known, state, at in rows}


async def file(town, numbers):
    async with httpx.AsyncClient() as http:
        for each in numbers:
            sent = PLACE | {"api_key": town.key, "service_code": "pothole", "description": f"Trou {each}"}
            sent |= {"attribute[danger]": "false", "jurisdiction_id": "parvis", "long": f"-73.58{each:02}"}
            done = await http.post(f"{town.address}/open311/v2/requests.json", data=sent)
            assert done.status_code == 200, done.text


async def test_a_town_of_another_parvis_comes_in_once_and_then_what_changed(here, next_town, tmp_path):
    await file(next_town, range(NUMBER))
    address, mapping, report = f"{next_town.address}/open311/v2", str(tmp_path / "next.toml"), tmp_path / "report.csv"
    asked = (address, *SINCE, "--jurisdiction-id", "parvis")

    def brought(*words):
        return said_by(here, "run", *asked, "--mapping", mapping, "--by", "Henri", *words)

    await asyncio.to_thread(said_by, here, "look", *asked, "--source", "next", "--out", mapping)
    written = (tmp_path / "next.toml").read_text("utf-8")
    assert '"Nid-de-poule" = "pothole"' in written
    assert "?" not in written
    tried = await asyncio.to_thread(said_by, here, "try", *asked, "--mapping", mapping)
    assert f"rows read: {NUMBER}; accounted for: {NUMBER}\n{NUMBER:>10} new\n" in tried
    assert held(here) == {}
    assert f"next-1: {NUMBER} requests\n" in await asyncio.to_thread(brought, "--format", "xml")
    there = {each["service_request_id"]: each for each in await next_town.asked("requests.json")}
    assert held(here).keys() == there.keys()
    number = sorted(there)[0]
    await next_town.moves(number, "start")
    await next_town.moves(number, "resolve", reason="Bouché à chaud")
    await next_town.moves(number, "close")
    await file(next_town, [NUMBER])
    said = await asyncio.to_thread(brought, "--report", str(report))
    assert f"{1:>10} new\n{1:>10} changed since\n{NUMBER - 1:>10} already imported, unchanged\n" in said
    assert (len(held(here)), held(here)[number][0]) == (NUMBER + 1, "closed")
    with report.open(encoding="utf-8-sig", newline="") as table:
        assert {row["number"] for row in csv.DictReader(table)} == held(here).keys()
    assert f"requests taken back: {NUMBER}; that stay: 0" in await asyncio.to_thread(
        said_by, here, "undo", "next-1", "--by", "Henri"
    )


@pytest.mark.parametrize("manners", [{"xml_only": True, "numbers": True}, {"zones": False}], ids=["xml", "json"])
async def test_a_server_that_heeds_no_dates_comes_in_once_and_says_so(here, stand_in, tmp_path, manners):
    address = await stand_in(**manners)
    async with httpx.AsyncClient() as http:
        for each in range(5):
            sent = PLACE | {"api_key": "a-key", "service_code": "pothole", "description": f"Trou {each}"}
            await http.post(f"{address}/requests.xml", data=sent | {"attribute[danger]": "no"})
    mapping, kept = str(tmp_path / "next.toml"), str(tmp_path / "kept")
    asked = (address, "--since", "2026-01-01", "--keep", kept)
    await asyncio.to_thread(said_by, here, "look", *asked, "--source", "next", "--out", mapping)
    said = await asyncio.to_thread(said_by, here, "run", *asked, "--mapping", mapping, "--by", "Henri")
    assert "next-1: 5 requests\n" in said
    assert "the server heeds no dates" in said
    assert len(held(here)) == 5
