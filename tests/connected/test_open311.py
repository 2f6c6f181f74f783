"""Clients of GeoReport that others wrote, each a process of its own, against a town on a port."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.people.tokens import make_token
from parvis.plugins.discovery import find_plugins
from parvis.requests.records import find
from parvis.settings import Settings
from parvis_testing.browsing import served
from parvis_testing.modules import only, switch

CLIENTS = Path(__file__).parents[1] / "counterparts" / "open311_clients.py"


@pytest.fixture
async def town(database_url, tmp_path):
    """The address of an endpoint, a key for it, and the host behind it."""
    found, _ = find_plugins()
    reports = [each for each in found if each.origin.name == "reports"]
    given = Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False)
    app = create_app(given, plugins=reports, modules=only("open311", "public_requests"))
    async with served(app) as address:
        host = app.state.deployment.host
        await switch(host, "on")
        key, _ = await make_token(host.engine, name="Autrui", jurisdiction="parvis", scopes=("requests:write",))
        yield f"{address}/open311/v2", key, host


async def told_by(client, address, key):
    """What a client of others understood."""
    using = (sys.executable, "-W", "ignore", str(CLIENTS), client, address, key)
    started = await asyncio.create_subprocess_exec(*using, stdout=asyncio.subprocess.PIPE)
    said, _ = await started.communicate()
    assert started.returncode == 0
    return json.loads(said)


async def test_clients_of_others_read_and_file(town):
    address, key, host = town
    filed = [await told_by(client, address, key) for client in ("three", "civicbot")]
    read = await told_by("georeport", address, key)
    for told in (*filed, read):
        assert "pothole" in told["services"]
        assert {"size", "surface", "danger"} <= set(told["attributes"])
        assert told["status"] == "open"
    assert [each["listed"] for each in (*filed, read)] == [1, 2, 2]
    records = [await find(host, each["reference"]) for each in filed]
    assert [(each.channel, each.answers["size"], each.place.lat) for each in records] == [
        ("open311", "large", 45.53)
    ] * 2
    assert read["reference"] == filed[1]["reference"]
