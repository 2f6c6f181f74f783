"""A plugin speaks to the systems that its settings name, and what they call a secret is written down nowhere."""

import httpx
import pytest
from msgspec import Struct

from parvis.http_client import PluginGuard, client_over, recording
from parvis.plugins.guarding import guard_of
from parvis.plugins.registry import Origin, Plugin
from parvis.settings import HIDDEN
from parvis.web.operators.plugins import settings_of
from parvis_sdk.connectors import Pace
from parvis_sdk.errors import Refused
from parvis_sdk.settings import Exit, Secret


class Settings(Struct, frozen=True, kw_only=True):
    base_url: Exit = "https://erp.example.org/api"
    pin: Secret = "hush-hush"
    town: str = "Parvis"


class Undeclared(Struct, frozen=True, kw_only=True):
    base_url: str = "https://erp.example.org/api"


def plugin(settings):
    return Plugin(
        origin=Origin(name="orders", distribution="acme-orders", version="1.0"), module=None, settings=settings
    )


def echo(request):
    said = httpx.ByteStream(f"you said {request.content.decode()}".encode())
    return httpx.Response(200, headers={"content-type": "text/plain"}, stream=said)


async def test_a_host_that_no_setting_names_is_refused_by_the_name_of_the_plugin():
    async with client_over(httpx.MockTransport(echo), Pace(), guard_of(plugin(Settings()))) as http:
        assert (await http.get("https://ERP.example.org/orders")).status_code == 200
        with recording() as seen, pytest.raises(Refused) as refused:
            await http.post("https://elsewhere.example/collect", content="everything")
    said = "orders speaks to elsewhere.example, which its settings do not name: it declares erp.example.org only"
    assert said in str(refused.value)
    assert [(each.status, each.trouble) for each in seen] == [(0, said)]


async def test_who_declares_no_exit_speaks_to_anybody_as_before():
    assert guard_of(plugin(Undeclared())).hosts is None
    async with client_over(httpx.MockTransport(echo), Pace(), guard_of(plugin(Undeclared()))) as http:
        assert (await http.get("https://elsewhere.example/")).status_code == 200


async def test_a_declared_secret_stands_in_no_record_of_a_call():
    async with client_over(httpx.MockTransport(echo), Pace(), guard_of(plugin(Settings()))) as http:
        with recording() as seen:
            await http.post(
                "https://erp.example.org/a?pin=hush-hush",
                content="I am hush-hush",
                headers={"content-type": "text/plain"},
            )
    assert "hush-hush" not in "".join((each.url + each.sent + each.received) for each in seen)
    assert PluginGuard(plugin="x", secrets=("a",)).without_secrets("a cat") == "a cat"


def test_a_declared_secret_is_not_shown_whatever_it_is_called():
    shown = dict(settings_of(plugin(Settings())))
    assert shown == {"base_url": "https://erp.example.org/api", "pin": HIDDEN, "town": "Parvis"}
    assert dict(settings_of(plugin(Settings(pin=""))))["pin"] == ""
