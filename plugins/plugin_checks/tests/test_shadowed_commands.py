"""`parvis plugins check` says of a plugin that is called as a command of Parvis that its own cannot be typed."""

from types import ModuleType

from parvis.cli import plugins
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis_plugin_checks.checking import of_installed
from parvis_sdk.commands import Command
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def nothing(run):
    return None


def test_a_plugin_called_as_a_command_is_told_so(monkeypatch):
    module = ModuleType("test_shadowed_commands_of_tokens")
    title = Text(fr="Bons de travail", en="Work orders")
    module.commands = hookimpl(lambda: [Command(code="orders", title=title, run=nothing)])
    loaded = load_plugins([DiscoveredPlugin.of("tokens", module, distribution="parvis-crew", version="1.0")])
    monkeypatch.setattr(plugins, "plugin_registry_of", lambda file: loaded)
    monkeypatch.setattr(plugins, "with_database", lambda file, found: (found, ""))
    troubles, _, _ = of_installed(None, "tokens")
    assert any("“parvis tokens” is a command of Parvis" in str(each) for each in troubles)
