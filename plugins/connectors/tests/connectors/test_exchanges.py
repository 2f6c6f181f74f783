"""What was said to other systems is kept without secrets and without anything personal."""

import httpx
import pytest

from parvis.outbox import listing
from parvis_connectors.exchanges import HIDDEN, exchanges_of, without, without_secrets
from parvis_connectors.polling import poll_if_due
from parvis_sdk.connectors import UNLOGGED, News, Pace
from parvis_sdk.errors import Later
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.testing.rehearsal import WEATHERS, BadCounterpart


async def test_what_it_keeps_about_a_request_is_known_to_its_polls(make_town, connector):
    known = []

    async def deliver(event, request, connection):
        return Outcome(remember={"etag": "7"})

    async def changes(connection, cursor):
        known.extend([dict(await connection.recall(reference)), dict(await connection.recall(""))])
        return News(cursor="1")

    town = make_town(connector(deliver, changes=changes))
    reference = (await town.submit()).reference
    await town.relay().drain()
    assert await poll_if_due(town.host, town.connector(), "w") == 0
    assert known == [{"etag": "7"}, {}]


async def test_the_exchange_log_holds_neither_secrets_nor_anything_personal(make_town, connector, other):
    async def deliver(event, request, connection):
        await connection.http.post("/token?user=Agathe", data={"password": "sesame"}, extensions=UNLOGGED)
        person = request.requester
        sent = {"reference": request.reference, "who": person.name, "mail": person.email, "token": "abc.def"}
        await connection.http.post("/orders?token=abc.def&f=json", json=sent)

    other.answer = lambda asked: (200, {"access_token": "qwerty", "said": "Merci Zoé Côté (zoe@exemple.ca)"})
    town = make_town(connector(deliver, needs=("contact",)))
    reference = (await town.submit()).reference
    await town.relay().drain()
    [line] = await listing(["done"])
    posted, signed_in = await exchanges_of(delivery=line.id)
    assert (signed_in.url, signed_in.sent, signed_in.received) == (f"{other.url}/token", "", "")
    assert (posted.status, posted.purpose, posted.connector) == (200, "delivery", "orders")
    assert reference in posted.sent
    written = posted.url + posted.sent + posted.received
    for hidden in ("abc.def", "qwerty", "Zoé", "Côté", "zoe@exemple.ca"):
        assert hidden not in written
    assert HIDDEN in written


async def test_a_call_that_failed_is_logged_beside_its_delivery(make_town, connector, other):
    other.answer = lambda asked: (503, b"down for maintenance")
    town = make_town(connector())
    await town.submit()
    await town.relay().drain()
    [line] = await listing(["postponed"])
    [call] = await exchanges_of(delivery=line.id)
    assert (call.status, call.received) == (503, "down for maintenance")
    assert "it is in trouble (HTTP 503)" in str(line.trouble)


@pytest.mark.parametrize(
    "words",
    [
        '{"password": "p4ss", "a": 1}',
        '{"client_secret":"p4ss"}',
        "grant_type=x&client_secret=p4ss",
        "token=p4ss&f=json",
        "https://gis.example/query?f=json&token=p4ss",
        '{"params": ["api", {"password": "p4ss"}]}',
        '{"inner": "{\\"token\\": \\"p4ss\\"}"}',
        '{"Authorization": "p4ss"}',
    ],
)
def test_what_names_itself_a_secret_is_left_out(words):
    assert "p4ss" not in without_secrets(words)


def test_a_word_that_only_sounds_like_a_secret_stays():
    words = '{"tokens_left": 7, "passage": "nord"} sigle=VM'
    assert without_secrets(words) == words


def test_a_value_is_left_out_however_it_is_written():
    hidden = without(
        '{"a":"Zo\\u00e9 C\\u00f4t\\u00e9"} Zo%C3%A9+C%C3%B4t%C3%A9 Zo%C3%A9%20C%C3%B4t%C3%A9', ["Zoé Côté"]
    )
    assert "Zo" not in hidden


async def test_an_answer_in_drops_is_a_time_out_that_the_connector_can_tell_of(make_town, connector):
    async def deliver(event, request, connection):
        try:
            await connection.http.get(f"http://127.0.0.1:{dripping.port}/")
        except httpx.TimeoutException as error:
            raise Later(f"too slow: {error}") from error

    town = make_town(connector(deliver, pace=Pace(seconds=1.0)))
    await town.submit()
    async with BadCounterpart(next(each for each in WEATHERS if each.code == "slow")) as dripping:
        await town.relay().step()
    (line,) = await listing(("postponed",))
    assert "too slow: no whole answer within 0.9 s" in str(line.trouble)
    (exchange,) = await exchanges_of(connector="orders")
    assert (exchange.status, exchange.trouble) == (0, "no whole answer within 0.9 s")
