"""Whatever the host finds wrong with a plugin is read in French and in English."""

import time
from types import ModuleType

import msgspec
import pytest

from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis_sdk.connectors import Connector
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on
from parvis_sdk.text import Text


class Settings(msgspec.Struct):
    key: str
    many: int = 1


class Nameless:
    name = ""

    def send(self, message):
        return None


async def deliver(event, request, connection):
    return None


def deliver_at_once(event, request, connection):
    return None


async def hear(event, request):
    return None


def hook(name, answer):
    """A module with one marked hook that does this."""
    module = ModuleType("test_bad_plugin")
    answer.__name__ = name
    setattr(module, name, hookimpl(answer))
    return module


def unmarked():
    module = ModuleType("test_bad_plugin")
    module.request_types = lambda: []
    module.request_types.__module__ = module.__name__
    return module


def with_options():
    module = ModuleType("test_bad_plugin")
    module.request_types = hookimpl(tryfirst=True)(lambda: [])
    return module


async def asynchronous():
    return []


def breaks():
    raise KeyError("parcel")


def sleeps():
    time.sleep(0.55)
    return []


def connector(**given):
    return Connector(**{"name": "erp", "title": Text(fr="ERP"), "address": "a", "deliver": deliver} | given)


def cases():
    """Each way to be wrong, by its name; what is right stands beside it."""
    twice = [on(Submitted, name="tell")(hear), on(Submitted, name="tell")(hear)]
    nobody = [connector(events=(Submitted,), name="A B", needs=("all",), layers=("a b",), check=deliver_at_once)]
    return {
        "a class": type("Plugin", (), {}),
        "no function": ModuleType("test_bad_plugin"),
        "unmarked": unmarked(),
        "misspelt": hook("request_typs", lambda: []),
        "no hook at all": hook("zzzz", lambda: []),
        "async": hook("request_types", asynchronous),
        "with options": with_options(),
        "an unknown argument": hook("request_types", lambda zzzz: []),
        "an argument nearly right": hook("request_types", lambda setings: []),
        "breaks": hook("request_types", breaks),
        "slow": hook("request_types", sleeps),
        "no list": hook("request_types", lambda: "many"),
        "nothing of a list": hook("channels", lambda: [None, dict, deliver]),
        "no struct": hook("settings", lambda: 12),
        "settings that lack and settings unknown": hook("settings", lambda: Settings),
        "one name twice": hook("subscriptions", lambda: twice),
        "a channel without a name": hook("channels", lambda: [Nameless()]),
        "a connector with nothing right": hook("connectors", lambda: nobody),
        "a connector without events": hook("connectors", lambda: [connector(events=())]),
    }


@pytest.mark.parametrize("plugin", cases().values(), ids=cases())
def test_what_is_wrong_with_a_plugin_is_read_in_both_languages(plugin):
    settings = settings_from({"bad": {"kye": "x", "many": "x"}}, {})
    plugins = load_plugins([DiscoveredPlugin.of("bad", plugin, distribution="parvis-bad", version="1")], settings)
    assert plugins.troubles
    for trouble in plugins.troubles:
        assert trouble.to("fr") != trouble.to("en") == str(trouble)
        for part in (trouble.what, trouble.so_what, trouble.now_what):
            if isinstance(part, str):
                assert part.startswith("Expected `int`"), part  # said by a library
                continue
            assert part.fr
            assert part.en not in ("", part.fr)


def test_two_plugins_that_claim_one_name_are_told_so_in_both_languages():
    def claims():
        return [connector(events=(Submitted,))]

    pair = [
        DiscoveredPlugin.of(name, hook("connectors", claims), distribution=f"parvis-{name}") for name in ("one", "two")
    ]
    [trouble] = load_plugins(pair).troubles
    assert "toutes deux revendiquent le connecteur 'erp' · aucun des deux n’est offert" in trouble.to("fr")
    assert "both claim the connector 'erp' · neither is offered" in trouble.to("en")
