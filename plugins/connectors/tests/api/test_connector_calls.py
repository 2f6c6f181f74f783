"""Calls of other systems over the API: believed by their signature alone, placed or kept for a person."""

import hashlib
import hmac
from datetime import datetime

import msgspec
import pytest
from msgspec import structs

from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis_connectors.unmatched_updates import strays
from parvis_sdk.connectors import Connector
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Submitted
from parvis_sdk.subscriptions import Update
from parvis_sdk.text import Text
from parvis_testing.modules import switch

SECRET = b"shared"
NOTE = Text(fr="Équipe en route", en="Crew on its way")


async def deliver(event, request, connection):
    return None


async def understand(call):
    if not hmac.compare_digest(call.headers.get("signature", ""), signed(call.body)):
        raise Refused("its signature is not ours")
    if call.body == b"later":
        raise Later("the books are closed")
    if call.body == b"rubbish":
        return ("news",)
    if call.body == b"nothing":
        return None
    if call.body == b"half a letter":
        return (Update(key="1", external_reference="WO-1", note=Text(fr="\ud800")),)
    if call.body == b"no zone":
        return (Update(key="1", external_reference="WO-1", at=datetime.fromisoformat("2026-11-30T10:00")),)
    return tuple(
        Update(key=each["key"], note=NOTE, reference=each["reference"]) for each in msgspec.json.decode(call.body)
    )


def signed(body):
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


@pytest.fixture
def calls(api):
    """The API with a connector `crew` that takes calls, and one that does not."""
    plugin_registry = api.host.plugins
    shared = {"title": Text(fr="Équipes"), "address": "https://crew.example", "events": (Submitted,)}
    crew = Connector(name="crew", deliver=deliver, understand=understand, **shared)
    deaf = Connector(name="deaf", deliver=deliver, **shared)
    own = structs.replace(plugin_registry.by_name["town"], connectors=("crew", "deaf"))
    plugins = plugin_registry.by_name | {"town": own}
    loaded_plugins = structs.replace(plugin_registry, connectors={"crew": crew, "deaf": deaf}, by_name=plugins)
    object.__setattr__(api.host, "plugins", loaded_plugins)

    async def call(body, name="crew", signature=None):
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers = {"signature": signed(content) if signature is None else signature}
        return await api.http.post(f"/api/v1/connectors/{name}/calls", content=content, headers=headers)

    return call


async def test_a_signed_call_is_taken_in_and_told_again_it_is_nothing(api, calls):
    reference = (await api.filed())["reference"]
    news = [{"key": "1", "reference": reference}, {"key": "2", "reference": "nobody"}]
    assert (await calls(news)).json() == {"received": 2, "taken": 1, "unplaced": 1}
    assert (await calls(news)).json() == {"received": 2, "taken": 0, "unplaced": 1}
    record = await find(api.host, reference)
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "external"]
    assert [(stray.connector, stray.times) for stray in await strays()] == [("crew", 2)]


async def test_a_call_without_the_right_signature_is_refused(api, calls):
    answer = await calls([], signature="0" * 64)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "signature is not ours" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"later", b"rubbish", b"nothing", b"half a letter", b"no zone", b"{", b"\xff\x00"])
async def test_a_call_that_cannot_be_read_now_is_to_be_sent_again(api, calls, body):
    assert (await calls(body)).status_code == 503


async def test_where_the_module_is_off_no_call_is_taken(api, calls):
    content = msgspec.json.encode([])
    await switch(api.host, "off", "connectors")
    assert (await calls(content)).status_code == 404
    await switch(api.host, "on", "connectors")
    assert (await calls(content)).status_code == 200


@pytest.mark.parametrize("name", ["deaf", "nobody", "..", "%00"])
async def test_who_takes_no_calls_is_not_there(api, calls, name):
    assert (await calls([], name)).status_code in (400, 404)
