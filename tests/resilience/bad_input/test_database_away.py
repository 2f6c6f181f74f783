"""The database goes away and comes back: a clear answer meanwhile, nothing acknowledged lost, and on it goes."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from parvis.people.tokens import make_token

from .conftest import clear


async def told_to_come_back(installation, *paths: str) -> None:
    """Pages and API say that the database is away, when to come back, and nothing else."""
    cookie = {"cookie": "parvis_session=anything"}
    async with installation.http() as http:
        for path in paths:
            for accept in ("text/html", "application/json"):
                answer = await http.get(path, headers={"accept": accept, **cookie})
                assert answer.status_code == 503, (path, answer.status_code, answer.text)
                assert int(answer.headers["retry-after"]) > 0
                clear(answer)
        refused = await installation.file(http)
        assert refused.status_code == 503
        clear(refused)
        assert (await http.get("/health/web")).status_code == 503
        assert (await http.get("/metrics")).status_code == 200
    assert installation.crashes == [], installation.crashes[0]


async def test_a_database_file_that_is_moved_away_and_back(installation, settings, on_postgres, tmp_path):
    if on_postgres:
        pytest.skip("a matter of SQLite")
    kept = (await installation.file()).json()["reference"]
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    parts = [part for part in file.parent.iterdir() if part.name.startswith(file.name)]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for part in parts:
        part.rename(elsewhere / part.name)
    await told_to_come_back(installation, "/fr/requetes", "/api/v1/requests", f"/api/v1/requests/{kept}", "/bureau")
    assert not file.exists(), "no empty database was made in its place"
    for part in elsewhere.iterdir():
        part.rename(file.parent / part.name)
    await installation.is_well()
    await installation.is_kept(kept)


async def test_a_database_file_locked_by_another_program(installation, settings, on_postgres, monkeypatch):
    if on_postgres:
        pytest.skip("a matter of SQLite")
    kept = (await installation.file()).json()["reference"]
    other = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))
    try:
        other.execute("BEGIN IMMEDIATE")
        async with installation.http() as http:
            assert (await http.get(f"/api/v1/requests/{kept}")).status_code in (200, 503)
            refused = await installation.file(http, key="one press")
            assert refused.status_code == 503
            clear(refused)
            other.rollback()
            taken = await installation.file(http, key="one press")
            assert taken.status_code == 201, taken.text
    finally:
        other.close()
    await installation.is_well()
    for reference in (kept, taken.json()["reference"]):
        await installation.is_kept(reference)


async def test_a_postgresql_server_that_stops_and_starts(installation, on_postgres, request):
    if not on_postgres:
        pytest.skip("a matter of PostgreSQL")
    server = request.getfixturevalue("postgres_server")
    acknowledged: list[str] = []
    ended = asyncio.Event()
    key, _ = await make_token(installation.host.engine, name="Pont", jurisdiction="parvis", scopes=["requests:write"])

    async def residents(number: int) -> None:
        async with installation.http(headers={"authorization": f"Bearer {key}"}) as http:
            count = 0
            while not ended.is_set():
                count += 1
                answer = await installation.file(http, key=f"{number} {count}")
                assert answer.status_code in (201, 503), answer.text
                if answer.status_code == 201:
                    acknowledged.append(answer.json()["reference"])
                await asyncio.sleep(0.05)

    sending = [asyncio.create_task(residents(number)) for number in range(4)]
    while len(acknowledged) < 8:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(server.stop)
    try:
        await told_to_come_back(installation, "/fr/requetes", "/api/v1/requests")
    finally:
        await asyncio.to_thread(server.start)
    before = len(acknowledged)
    async with asyncio.timeout(30):
        while len(acknowledged) < before + 4:
            await asyncio.sleep(0.05)
    ended.set()
    await asyncio.gather(*sending)
    for reference in acknowledged:
        await installation.is_kept(reference)
    assert installation.crashes == [], installation.crashes[0]
