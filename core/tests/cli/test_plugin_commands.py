"""Commands that plugins declare: what is typed, what is read of it, what is told where it fails."""

import time
from datetime import date
from types import ModuleType

import msgspec
import pytest
from click.testing import CliRunner
from msgspec import structs

from parvis import cli
from parvis.cli import plugin_commands, plugins
from parvis.plugins import DiscoveredPlugin, name_conflicts, threads
from parvis.plugins.loading import load_plugins
from parvis_sdk.commands import Argument, Command, command_mistakes
from parvis_sdk.errors import Refused
from parvis_sdk.hooks import hookimpl
from parvis_sdk.settings import Exit
from parvis_sdk.text import Text

TITLE = Text(fr="Bons de travail", en="Work orders")
WORDS = Text(fr="le bon", en="the order")
ARGUMENTS = (
    Argument(name="number", help=WORDS, kind="number"),
    Argument(name="since", help=WORDS, kind="day", option=True, required=False),
    Argument(name="state", help=WORDS, choices=("open", "done"), option=True, default="open"),
    Argument(name="all", help=WORDS, kind="yes"),
)


def loaded(*commands, settings=None):
    module = ModuleType("test_plugin_commands_of_crew")
    if settings:
        module.settings = hookimpl(lambda: settings)

    @hookimpl
    def declared():
        return list(commands)

    module.commands = declared
    return load_plugins([DiscoveredPlugin.of("crew", module, distribution="parvis-crew", version="1.0")])


@pytest.fixture
def typed(monkeypatch):
    """Types words after `parvis crew`, where the plugin has these commands."""

    def type_(*words, commands, language="en_CA.UTF-8", settings=None):
        type_.asked = []
        monkeypatch.setenv("LC_ALL", language)
        given = loaded(*commands, settings=settings)
        monkeypatch.setattr(plugins, "plugin_registry_of", lambda file: type_.asked.append(file) or given)
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


def test_one_that_blocks_ends_with_its_time_and_its_line(typed, monkeypatch):
    async def blocking(run):
        time.sleep(60)  # noqa: ASYNC251  what a vendor may write

    monkeypatch.setattr(threads, "LATE", 0.2)
    said = typed("orders", commands=[command(blocking, seconds=0.5)])
    assert said.exit_code == 1
    assert "it blocked for" in said.output


def test_the_client_speaks_to_the_hosts_that_the_plugin_declares_and_no_other(typed):
    class Settings(msgspec.Struct, frozen=True):
        base_url: Exit = "https://crew.example"

    async def reaching(run):
        await run.connection.http.get("https://elsewhere.example")

    said = typed("orders", commands=[command(reaching)], settings=Settings)
    assert said.exit_code == 1
    assert "crew speaks to elsewhere.example, which its settings do not name" in said.output


def test_each_plugin_is_asked_once_for_a_list(typed):
    assert typed("--help", commands=[command(), command(code="jobs")]).exit_code == 0
    assert len(typed.asked) == 1


def test_nothing_runs_under_a_name_that_belongs_to_another(typed, monkeypatch):
    monkeypatch.setattr(plugins, "with_database", lambda file, loaded: (structs.replace(loaded, by_name={}), ""))
    said = typed("orders", commands=[command()])
    assert (said.exit_code, "has no commands here" in said.output) == (1, True)


def test_what_no_command_line_can_read_is_a_mistake_of_the_declaration():
    wrong = [
        Argument(name="help", help=WORDS),
        Argument(name="all", help=WORDS, kind="yes", default=True),
        Argument(name="count", help=WORDS, kind="number", choices=("1", "2")),
        Argument(name="until", help=WORDS, default="today"),
        Argument(name="table", help=WORDS),
    ]
    said = [each.what.to("en") for each in command_mistakes(command(arguments=tuple(wrong)))]
    assert said == [
        "the name 'help' cannot be typed",
        "True is not of kind yes",
        "only words have choices",
        "'table' is required and comes after one that is not",
    ]


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


def test_all_that_can_be_another_s_can_be_taken_over():
    assert set(plugins.KINDS) == set(name_conflicts.WORDS)
