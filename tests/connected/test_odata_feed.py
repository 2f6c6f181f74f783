"""A client of OData that others wrote, a process of its own, against a town on a port."""

import asyncio
import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.people.tokens import make_token
from parvis.plugins.discovery import find_plugins
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_testing.browsing import served
from parvis_testing.modules import every_scope, only, switch
from parvis_testing.ports import free_port

from ..counterparts.running import leave_out

CLIENT = Path(__file__).parents[1] / "counterparts" / "odata_client.py"
RAW = {
    "language": "fr",
    "answers": {"size": "large", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


@pytest.fixture
async def town(database_url, tmp_path):
    """The address of the feed, a token for it, and the numbers of what was filed."""
    found, _ = find_plugins()
    reports = [each for each in found if each.origin.name == "reports"]
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    given = {"territory": town_folder(), "secret_key": "s" * 40, "data": tmp_path, "database": database_url}
    app = create_app(
        Settings(**given, base_url=base, worker=False), plugins=reports, modules=only("feeds", "dashboards")
    )
    async with served(app, port=port):
        host = app.state.deployment.host
        await switch(host, "on")
        receipts = [await RequestService(host).submit("parvis", "pothole", RAW, channel="portal") for _ in range(5)]
        scopes = ("requests:read", "reports:read")
        key, _ = await make_token(
            host.engine, name="Excel", jurisdiction="parvis", scopes=scopes, added=every_scope(host)["added"]
        )
        yield f"{base}/odata/v4", key, [each.reference for each in receipts]


async def test_a_client_of_others_reads_every_row(town, monkeypatch):
    if find_spec("odatapy") is None:
        leave_out("odatapy")
    monkeypatch.setattr("parvis_feeds.portal.reports.MOST_ROWS", 2)
    address, key, references = town
    using = (sys.executable, "-W", "ignore", str(CLIENT), address, key)
    started = await asyncio.create_subprocess_exec(*using, stdout=asyncio.subprocess.PIPE)
    said, _ = await started.communicate()
    assert started.returncode == 0
    assert json.loads(said) == {
        "sets": ["Requests", "MonthlyFigures"],
        "references": references[:4],
        "kinds": ["datetime", "date"],
        "holes": 5,
        "one": "Nid-de-poule",
        "received": 5,
        "months": 13,
    }
