"""Commands that plugins declare: what is typed, what is read of it, what is told where it fails."""

from datetime import date
from types import ModuleType

import pytest
from click.testing import CliRunner

from parvis import cli
from parvis.cli import plugin_commands, plugins
from parvis.modules import Command as ModuleCommand
from parvis.modules import Module, registry_of
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.shadowed_commands import OF_HOST, with_shadowed_commands
from parvis_sdk.commands import Argument, Command
from parvis_sdk.errors import Refused
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

TITLE = Text(fr="Bons de travail", en="Work orders")
WORDS = Text(fr="le bon", en="the order")
ARGUMENTS = (
    Argument(name="number", help=WORDS, kind="number"),
    Argument(name="since", help=WORDS, kind="day", option=True, required=False),
    Argument(name="state", help=WORDS, choices=("open", "done"), option=True, default="open"),
    Argument(name="all", help=WORDS, kind="yes"),
)


def loaded(*commands, name="crew"):
    module = ModuleType("test_plugin_commands_of_crew")

    @hookimpl
    def declared():
        return list(commands)

    module.commands = declared
    return load_plugins([DiscoveredPlugin.of(name, module, distribution="parvis-crew", version="1.0")])


@pytest.fixture
def typed(monkeypatch):
    """Types words after `parvis crew`, where the plugin has these commands."""

    def type_(*words, commands, language="en_CA.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        monkeypatch.setattr(plugins, "plugin_registry_of", lambda file: loaded(*commands))
        monkeypatch.setattr("parvis.cli.module_commands.commands_of", plugin_commands.PluginCommands)
        return CliRunner().invoke(cli.parvis, ["crew", *words])

    return type_


async def nothing(run):
    return None


def command(run=nothing, **more):
    return Command(**{"code": "orders", "title": TITLE, "run": run, **more})


def test_what_is_typed_is_read_and_what_is_written_is_clean(typed):
    told = []

    async def orders(run):
        told.append((dict(run.arguments), run.language))
        run.write("BT-104\x1b[31m")
        run.say(TITLE)
        return 3

    said = typed("orders", "7", "--since", "2026-06-15", "--all", commands=[command(orders, arguments=ARGUMENTS)])
    assert told == [({"number": 7, "since": date(2026, 6, 15), "state": "open", "all": True}, "en")]
    assert (said.exit_code, said.output) == (3, "BT-104[31m\nWork orders\n")


@pytest.mark.parametrize(("language", "title"), [("fr_CA.UTF-8", "Bons de travail"), ("C.UTF-8", "Work orders")])
def test_help_is_in_the_language_of_whoever_types(typed, language, title):
    assert title in typed("--help", commands=[command()], language=language).output
    page = typed("orders", "--help", commands=[command(arguments=ARGUMENTS)], language=language).output
    assert title in page
    assert "NUMBER" in page


def test_what_does_not_fit_is_told_before_anything_runs(typed):
    said = typed("orders", "seven", commands=[command(arguments=ARGUMENTS)])
    assert said.exit_code == 2
    assert "seven" in said.output


@pytest.mark.parametrize(
    ("raised", "words"), [(Refused(WORDS), "the order"), (LookupError("no list"), "it raised LookupError: no list")]
)
def test_what_it_raises_is_told_in_a_sentence(typed, raised, words):
    async def raising(run):
        raise raised

    said = typed("orders", commands=[command(raising)])
    assert said.exit_code == 1
    assert "crew (parvis-crew 1.0)" in said.output
    assert words in said.output
    assert "Traceback" not in said.output


def test_an_answer_that_is_no_exit_code_is_told(typed):
    async def answering(run):
        return "done"

    assert "it answered str instead of an exit code" in typed("orders", commands=[command(answering)]).output


def test_a_plugin_without_commands_says_so(typed):
    said = typed("orders", commands=[])
    assert "the plugin crew has no commands here" in said.output


def test_nobody_is_asked_for_who_is_not_installed():
    assert plugin_commands.commands_of("nobody_at_all") is None
    assert CliRunner().invoke(cli.parvis, ["nobody_at_all"]).exit_code == 2


def test_the_names_of_the_commands_of_parvis_are_known():
    assert {each.name for each in cli.COMMANDS} == OF_HOST


@pytest.mark.parametrize(("name", "owner"), [("tokens", "Parvis"), ("river", "tides")])
def test_a_plugin_named_as_a_command_is_told_that_its_own_cannot_be_typed(name, owner):
    river = ModuleCommand(name="river", summary="The river.", written="parvis_tides.commands:river")
    modules = registry_of([Module(name="tides", title=TITLE, summary=TITLE, commands=(river,))])
    plugins = with_shadowed_commands(loaded(command(), name=name), modules)
    assert [str(each) for each in plugins.troubles] == [
        f"{name} (parvis-crew 1.0) · commands() · “parvis {name}” is a command of {owner}"
        " · its commands cannot be typed · give its entry point another name"
    ]
    assert plugins.at_first == plugins.troubles
    assert with_shadowed_commands(loaded(command()), modules).troubles == ()
