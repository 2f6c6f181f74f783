"""Bad plugins, second row: hooks that raise, answer rubbish, are misspelt or unmarked; whole messages."""

import pytest

from parvis.plugins import PluginRegistry
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from

HOOKS = ("settings", "request_types", "subscriptions", "channels", "locators")
KINDS = ("ValueError", "SystemExit", "RecursionError", "KeyboardInterrupt", "GeneratorExit", "BaseException")
MARK = "from parvis_sdk.hooks import hookimpl\n"


def opened(tables=None, environ=None) -> PluginRegistry:
    found, troubles = find_plugins()
    return load_plugins(found, settings_from(tables or {}, environ or {}), troubles)


def messages(plugins: PluginRegistry, name: str = "bad") -> list[str]:
    return [str(trouble) for trouble in plugins.troubles if trouble.plugin == name]


def hook(name: str, body: str, *, mark: str = "@hookimpl", head: str = "", arguments: str = "") -> str:
    return f"{MARK}{head}\n{mark}\ndef {name}({arguments}):\n    {body}\n"


@pytest.mark.parametrize("name", HOOKS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_hook_that_raises_is_contained_and_named_with_its_line(install, name, kind):
    install("bad", hook(name, f"raise {kind}('no map')"))
    install("lights")
    plugins = opened()
    assert messages(plugins) == [
        f"bad (parvis-bad 1.2.3) · {name}() · parvis_bad/plugin.py:5 · it raised {kind}: no map"
        " · the plugin is left out · correct the hook: it must only declare, and depend on no other system"
    ]
    assert set(plugins.request_types) == {"lamp"}


def test_a_plugin_that_raises_in_every_hook_is_told_of_each_but_for_those_that_need_its_settings(install):
    install("bad", MARK + "".join(f"@hookimpl\ndef {name}():\n    raise OSError\n" for name in HOOKS[1:]))
    assert [message.split(" · ")[1] for message in messages(opened())] == [f"{name}()" for name in HOOKS[1:]]


@pytest.mark.parametrize(
    ("name", "answer", "what", "now_what"),
    [
        (
            "settings",
            "{}",
            "it returned a dict instead of a struct",
            "return the class itself, a subclass of msgspec.Struct",
        ),
        ("request_types", "None", "it returned nothing instead of a list", "return a list of RequestType"),
        ("request_types", "'lamp'", "it returned a str instead of a list", "return a list of RequestType"),
        (
            "request_types",
            "['lamp']",
            "it returned a str at position 0 instead of a RequestType",
            "return a list of RequestType only",
        ),
        (
            "request_types",
            "(each for each in ())",
            "it returned a generator instead of a list",
            "return a list of RequestType",
        ),
        (
            "subscriptions",
            "[print]",
            "it returned the function print() at position 0 instead of a Subscription",
            "return a list of Subscription only",
        ),
        (
            "channels",
            "[int]",
            "it returned the class int at position 0 instead of a Channel",
            "return a list of Channel only",
        ),
        (
            "locators",
            "[object()]",
            "it returned an object at position 0 instead of a Locator",
            "return a list of Locator only",
        ),
    ],
)
def test_rubbish_for_an_answer_is_named(install, name, answer, what, now_what):
    install("bad", hook(name, f"return {answer}"))
    assert messages(opened()) == [
        f"bad (parvis-bad 1.2.3) · {name}() · parvis_bad/plugin.py:3 · {what} · the plugin is left out · {now_what}"
    ]


def test_a_misspelt_hook_is_told_what_was_meant_and_the_rest_is_used(install):
    install("bad", hook("request_typs", "return []") + hook("channels", "return []"))
    plugins = opened()
    assert messages(plugins) == [
        "bad (parvis-bad 1.2.3) · request_typs() · parvis_bad/plugin.py:3 · request_typs() is not a hook"
        " · it is never called · did you mean request_types()?"
    ]
    assert "bad" in plugins.by_name


def test_a_hook_like_no_other_is_told_what_there_is(install):
    install("bad", hook("zzz", "return []") + hook("channels", "return []"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · zzz() · parvis_bad/plugin.py:3 · zzz() is not a hook"
        " · it is never called"
        " · use one of settings, request_types, subscriptions, channels, connectors, locators, payments, panels,"
        " chores, virus_scanners, identity_providers, file_stores, document_renderers, pages,"
        " endpoints, commands, figures"
    ]


def test_an_unmarked_hook_is_noticed(install):
    install("bad", hook("request_types", "return []", mark="") + hook("channels", "return []"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · request_types() · parvis_bad/plugin.py:4"
        " · request_types() is not marked with @hookimpl"
        " · it is never called · mark it as the hook request_types(), or rename it"
    ]


def test_a_plugin_without_any_marked_hook_is_left_out(install):
    install("bad", "def greet():\n    return 1\n")
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · plugin · no function is marked with @hookimpl"
        " · the plugin is left out · mark at least one hook"
    ]


def test_an_empty_module_is_left_out(install):
    install("bad", "")
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · plugin · it contains no function · the plugin is left out"
        " · the entry point must name the module that contains the hooks"
    ]


def test_a_class_in_place_of_a_module_is_left_out(install):
    source = MARK + "class Plugin:\n    @hookimpl\n    def channels(self):\n        return []\n"
    install("bad", source, entry="parvis_bad.plugin:Plugin")
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · plugin · it is a class · the plugin is left out"
        " · the entry point must name the module that contains the hooks"
    ]


def test_an_object_with_hooks_is_as_good_as_a_module(install):
    source = MARK + "class Plugin:\n    @hookimpl\n    def channels(self):\n        return []\n\nplugin = Plugin()\n"
    install("fine", source, entry="parvis_fine.plugin:plugin")
    plugins = opened()
    assert messages(plugins, "fine") == []
    assert "fine" in plugins.by_name


def test_an_async_hook_is_refused(install):
    install("bad", f"{MARK}\n@hookimpl\nasync def channels():\n    return []\n")
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · channels() · parvis_bad/plugin.py:3 · channels() is async"
        " · the plugin is left out · write `def`: a hook answers immediately; what it returns may be async"
    ]


def test_a_wrapper_may_not_speak_for_others(install):
    install("bad", hook("channels", "return (yield)", mark="@hookimpl(wrapper=True)"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · channels() · parvis_bad/plugin.py:3 · channels() is marked with wrapper"
        " · the plugin is left out · write @hookimpl without options: each plugin answers only for itself"
    ]


def test_an_unknown_argument_is_told_what_was_meant(install):
    install("bad", hook("channels", "return []", arguments="setings"))
    assert messages(opened()) == [
        "bad (parvis-bad 1.2.3) · channels() · parvis_bad/plugin.py:3 · channels() takes an unknown argument 'setings'"
        " · the plugin is left out · did you mean 'settings'?"
    ]


def test_a_slow_hook_is_used_and_complained_about(install, monkeypatch):
    install("slow", hook("channels", "return []"))
    moments = iter(range(1000))
    monkeypatch.setattr("parvis.plugins.loading.time.perf_counter", lambda: next(moments))
    plugins = opened()
    assert messages(plugins, "slow") == [
        "slow (parvis-slow 1.2.3) · channels() · parvis_slow/plugin.py:3 · it took 1000 ms to answer"
        " · this slows down every start · remove computation and connections from the hook"
    ]
    assert "slow" in plugins.by_name
    assert not plugins.troubles[0].severe


SETTINGS = """
import msgspec
from parvis_sdk.hooks import hookimpl

class Settings(msgspec.Struct, frozen=True, kw_only=True):
    base_url: str
    limit: int = 3

@hookimpl
def settings():
    return Settings

@hookimpl
def channels(settings):
    assert settings.base_url
    return []
"""


def test_every_mistake_in_the_settings_of_a_plugin_is_told_at_once(install):
    install("bad", SETTINGS)
    plugins = opened({"bad": {"limit": "many", "base_ur": "x"}})
    head = "bad (parvis-bad 1.2.3) · settings() · parvis_bad/plugin.py:9"
    waits = "the plugin is not loaded; its deliveries wait"
    assert messages(plugins) == [
        f"{head} · [plugins.bad] base_ur · there is no such setting · {waits} · did you mean 'base_url'?",
        f"{head} · [plugins.bad] · the setting 'base_url' is missing · {waits}"
        " · set it there, or in PARVIS_BAD_BASE_URL",
        f"{head} · [plugins.bad] limit · Expected `int`, got `str` · {waits} · correct its value",
    ]
    assert "bad" not in plugins.by_name


def test_settings_reach_the_hooks_that_ask_for_them(install):
    install("fine", SETTINGS)
    plugins = opened({"fine": {"base_url": "https://a"}}, {"PARVIS_FINE_LIMIT": "7"})
    assert messages(plugins, "fine") == []
    assert plugins.by_name["fine"].settings.limit == 7
