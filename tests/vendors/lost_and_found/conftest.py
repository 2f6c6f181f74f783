"""The host of the example *lost and found*, and ways to report, to accept and to claim."""

import importlib
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from parvis import clock
from parvis.access_scope import Area, Scope
from parvis.files import LocalFiles
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import REQUESTER
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.selection import Period
from parvis.switches import Switchboard
from parvis.worker import Limits, Relay
from parvis_dashboards.figures import Narrow
from parvis_dashboards.plugin_figures import counted_by_plugins
from parvis_proposals.deciding import decide, proposals_of
from parvis_proposals.granting import asking, decide_scope
from parvis_testing.modules import only, switch
from parvis_testing.street import EVERYWHERE
from parvis_testing.town import *
from parvis_testing.town import ANA, HERE

FOLDER = Path(__file__).parents[3] / "examples" / "lost_and_found"
PACKAGE = "parvis_lost_and_found"


@pytest.fixture(scope="session")
def modules():
    return only("proposals", "tasks")


@pytest.fixture
def example(monkeypatch):
    """The plugin as it is installed, gone again after the test."""
    monkeypatch.syspath_prepend(str(FOLDER / "src"))
    yield importlib.import_module(f"{PACKAGE}.plugin")
    for name in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


class Office:
    """The office where things are brought in and asked for."""

    def __init__(self, host):
        self.host, self.relay = host, Relay(host, Limits(seconds=10.0), name="worker")

    async def report(self, code, **answers):
        raw = {"answers": {"sort": "bicycle", "colour": "red", **answers}, "place": HERE}
        raw |= {"requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}}
        receipt = await RequestService(self.host).submit("parvis", code, raw, channel="portal")
        await self.relay.drain()
        return await find(self.host, receipt.reference)

    async def accept(self, record):
        """Accept what waits for a request."""
        (waiting,) = [
            each for each in await proposals_of(record) if (each.state, each.request) == ("waiting", record.id)
        ]
        await decide(self.host, EVERYWHERE, record, waiting.id, accept=True, actor=ANA)
        await self.relay.drain()
        return await find(self.host, record.reference)

    async def claim(self, record, number):
        await make_move(self.host, record.reference, "claim", {"serial": number}, actor=REQUESTER, mover="requester")
        await self.relay.drain()
        return await find(self.host, record.reference)

    @property
    def town(self):
        return self.host.jurisdictions.jurisdiction("parvis")

    async def counted(self, units=None):
        """The figures of the dashboard, for an agent who may count the whole town, or these units."""
        areas = (Area(units=units),)
        period = Period(since=clock.now() - timedelta(days=1), until=clock.now() + timedelta(days=1))
        return await counted_by_plugins(
            self.host, self.town, Scope(jurisdiction="parvis", areas=areas), period, Narrow()
        )

    async def revoke(self, name):
        (named,) = [each for each in asking(self.host, self.town) if each.name == name]
        await decide_scope(self.host, self.town, named, granted=False, actor=ANA)


@pytest.fixture
async def office(example, database, jurisdictions, tmp_path, modules):
    plugins = load_plugins([DiscoveredPlugin.of("lost_and_found", example)])
    assert [str(each) for each in plugins.troubles] == []
    host = Host(
        engine=database,
        jurisdictions=jurisdictions,
        plugins=plugins,
        files=LocalFiles(tmp_path / "files"),
        secret=b"a secret of thirty-two characters",
        base_url="http://127.0.0.1:8000",
    )
    host = replace(host, modules=Switchboard(modules))
    await switch(host, "on")
    here = host.jurisdictions.jurisdiction("parvis")
    for named in asking(host, here):
        await decide_scope(host, here, named, granted=True, actor=ANA)
    return Office(host)
