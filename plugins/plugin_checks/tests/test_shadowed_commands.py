"""A plugin that is called as a command of Parvis or of a module is told that its own cannot be typed."""

from types import ModuleType

import pytest

from parvis import cli
from parvis.cli import plugins
from parvis.cli.module_commands import BROUGHT_BY
from parvis.modules import Command as ModuleCommand
from parvis.modules import Module, registry_of
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis_plugin_checks.checking import of_installed
from parvis_plugin_checks.shadowed_commands import OF_HOST, OF_MODULES, shadowed_commands
from parvis_sdk.commands import Command
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

TITLE = Text(fr="Bons de travail", en="Work orders")
RIVER = ModuleCommand(name="river", summary="The river.", written="parvis_tides.commands:river")
MODULES = registry_of([Module(name="tides", title=TITLE, summary=TITLE, commands=(RIVER,))])


async def nothing(run):
    return None


def loaded(name):
    module = ModuleType("test_shadowed_commands_of_crew")
    module.commands = hookimpl(lambda: [Command(code="orders", title=TITLE, run=nothing)])
    return load_plugins([DiscoveredPlugin.of(name, module, distribution="parvis-crew", version="1.0")])


def test_the_names_of_the_commands_of_parvis_are_known():
    assert {each.name for each in cli.COMMANDS} == OF_HOST
    assert {each for each in BROUGHT_BY if " " not in each} == OF_MODULES


@pytest.mark.parametrize(("name", "owner"), [("tokens", "Parvis"), ("demo", "Parvis"), ("river", "tides")])
def test_a_plugin_named_as_a_command_is_told_that_its_own_cannot_be_typed(name, owner):
    assert [str(each) for each in shadowed_commands(loaded(name), MODULES)] == [
        f"{name} (parvis-crew 1.0) · commands() · “parvis {name}” is a command of {owner}"
        " · its commands cannot be used · give its entry point another name"
    ]


def test_a_name_of_its_own_is_no_trouble():
    assert [*shadowed_commands(loaded("crew"), MODULES)] == []


def test_the_check_of_what_is_installed_says_so(monkeypatch):
    found = loaded("tokens")
    monkeypatch.setattr(plugins, "plugin_registry_of", lambda file: found)
    monkeypatch.setattr(plugins, "with_database", lambda file, registry: (registry, ""))
    troubles, _, _ = of_installed(None, "tokens")
    assert any("“parvis tokens” is a command of Parvis" in str(each) for each in troubles)
