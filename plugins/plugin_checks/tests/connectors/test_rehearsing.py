"""A connector of a town is rehearsed with its own settings: nothing of it reaches the other system or the database."""

import asyncio
from datetime import timedelta

import pytest
from click.testing import CliRunner

from parvis.outbox import counts, listing
from parvis_connectors.exchanges import exchanges_of
from parvis_plugin_checks import rehearsals, rehearsing
from parvis_sdk.calling import called
from parvis_sdk.events import Moved
from parvis_sdk.subscriptions import Outcome

from .careful import URL, all_of, careful


async def test_a_careful_connector_bears_every_weather(make_town, connector, other):
    town = make_town(connector(careful))
    played = await all_of(town)
    assert [each.rehearsed.mistake for each in played if each.rehearsed.mistake] == []
    became = {each.rehearsed.weather.code: each for each in played}
    assert len(became) == len(played) > 20
    assert became["401"].words == (
        "it says no (HTTP 401) · correct what was refused and revive the delivery, or skip it"
    )
    assert became["401"].again_in is None
    assert timedelta(seconds=120) <= became["429"].again_in < timedelta(seconds=133)
    assert "CERTIFICATE_VERIFY_FAILED" in became["stranger"].words
    assert "no answer in time" in became["silent"].words
    assert became["slow"].rehearsed.became == "later"
    assert "longer than 64 MB" in became["endless"].words
    assert other.asked == []


async def test_what_breaks_or_hangs_is_named_with_its_line(make_town, connector, monkeypatch):
    async def careless(event, request, connection):
        answer = await connection.http.post(URL)
        if answer.status_code == 503:
            await asyncio.Event().wait()
        return Outcome(external_reference=answer.json()["number"])

    monkeypatch.setattr(rehearsals, "LONGEST", 5.0)
    played = await all_of(make_town(connector(careless)))
    became = {each.rehearsed.weather.code: each.rehearsed for each in played}
    assert (became["bare"].became, became["bare"].said) == ("broken", "it raised KeyError: 'number'")
    assert became["503"].became == "hung"
    assert became["refused"].mistake
    assert became["404"].became == "broken"


async def test_the_first_event_about_which_it_asks_is_played(make_town, connector):
    async def moves_only(event, request, connection):
        return await careful(event, request, connection) if isinstance(event, Moved) else None

    played = await all_of(make_town(connector(moves_only)))
    assert {(each.type, each.event) for each in played} == {("hole", "sample-moved-start")}


async def test_nothing_is_written(make_town, connector):
    town = make_town(connector(careful))
    before = await counts()
    await all_of(town)
    assert await counts() == before
    assert (await listing(("done", "waiting", "dead"))) == ()
    assert await exchanges_of(connector="orders") == ()


async def test_only_types_that_were_named_are_played(make_town, connector):
    assert await all_of(make_town(connector(careful)), types=("quarrel",)) == []


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


async def test_the_command_prints_a_table_and_fails_when_one_is_wrong(make_town, connector, command):
    async def blind(event, request, connection):
        await called(connection.http, "POST", URL, now=connection.now)

    town = make_town(connector(blind))
    ran = await command(town, "orders")
    lines = ran.output.splitlines()
    assert ran.exit_code == 1
    assert lines[0] == "hole  (sample-submitted)"
    assert "  the connection is refused                   tried again  5 s        it cannot be reached" in ran.output
    assert "! it does not let us (403)                    done" in lines
    assert "4 to mend:" in lines
    assert any(line.startswith("  hole · 403: when it does not let us (403), the delivery counts") for line in lines)


async def test_the_command_is_content_with_a_careful_connector(make_town, connector, command):
    ran = await command(make_town(connector(careful)), "orders")
    assert ran.exit_code == 0, ran.output
    assert "stopped" in ran.output
    assert "!" not in ran.output


async def test_the_command_names_the_connectors_there_are(make_town, connector, command):
    ran = await command(make_town(connector(careful)), "invoices")
    assert ran.exit_code == 1
    assert "there is no connector 'invoices'; choose one of: orders" in ran.output
