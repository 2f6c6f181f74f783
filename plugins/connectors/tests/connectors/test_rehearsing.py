"""A rehearsal writes nothing."""

import asyncio

import pytest
from click.testing import CliRunner

from parvis.cli import rehearsing
from parvis.outbox import counts, listing
from parvis.worker.rehearsals import rehearsals
from parvis_connectors.exchanges import exchanges_of
from parvis_sdk.calling import called
from parvis_sdk.errors import Refused
from parvis_sdk.subscriptions import Outcome

URL = "http://orders.ville.example/orders"


async def careful(event, request, connection):
    sent = {"about": request.reference, "town": request.jurisdiction.code}
    answer = await called(connection.http, "POST", URL, now=connection.now, json=sent)
    if not answer.is_success:
        raise Refused(f"it says no (HTTP {answer.status_code})")
    return Outcome(remember={"told": event.id})


async def all_of(town, **given):
    return [each async for each in rehearsals(town.host, town.connector(), **given)]


async def test_nothing_is_written(make_town, connector):
    town = make_town(connector(careful))
    before = await counts()
    await all_of(town)
    assert await counts() == before
    assert (await listing(("done", "waiting", "dead"))) == ()
    assert await exchanges_of(connector="orders") == ()


@pytest.fixture
def command(monkeypatch):
    """`parvis rehearse` at this town, within the loop of the test."""

    def run(town, *words):
        def with_town(settings, do):
            return asyncio.run(do(town))

        monkeypatch.setattr(rehearsing, "with_deployment", with_town)
        monkeypatch.setattr(rehearsing, "read", lambda file: None)
        monkeypatch.setattr(type(town), "plugins", property(lambda self: self.host.plugins), raising=False)
        return asyncio.to_thread(CliRunner().invoke, rehearsing.rehearse, words)

    return run
