"""Commands that plugins declare: what is typed, what is read of it, what is told where it fails."""

import os
import subprocess
import sys
import time
from datetime import date
from functools import partial
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


CREW = """
import asyncio, time
from parvis_sdk.commands import Command
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

async def waits(run):
    run.write("begun")
    await asyncio.to_thread(time.sleep, 120)

async def floods(run):
    for number in range(100_000):
        run.write(f"line {number} {'x' * 80}")

async def answers(run):
    return 3

@hookimpl
def commands():
    title = Text(fr="Attendre", en="Wait")
    seconds = {waits: 0.5, floods: 20, answers: 20}
    return [Command(code=each.__name__, title=title, run=each, seconds=time) for each, time in seconds.items()]
"""


@pytest.fixture
def program(tmp_path):
    """The command `parvis` in a process of its own, where the plugin `crew` is installed."""
    package, info = tmp_path / "site" / "parvis_crew", tmp_path / "site" / "parvis_crew-1.0.dist-info"
    package.mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text(CREW)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: parvis-crew\nVersion: 1.0\nRequires-Dist: parvis-sdk\n"
    )
    (info / "entry_points.txt").write_text("[parvis]\ncrew = parvis_crew\n")
    words = [sys.executable, "-c", "from parvis.cli import main; main()", "crew"]
    around = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "LC_ALL": "C.UTF-8"}
    return partial(subprocess.Popen, cwd=tmp_path, env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE), words


def test_a_command_ends_its_process_though_a_thread_of_the_plugin_goes_on(program):
    begin, words = program
    with begin([*words, "waits"]) as process:
        said, trouble = process.communicate(timeout=90)
    assert (process.returncode, said) == (1, b"begun\n")
    assert b"it did not answer within 0.5 s" in trouble


def test_a_command_whose_lines_nobody_reads_any_more_ends_without_a_word(program):
    begin, words = program
    with begin([*words, "floods"]) as process:
        assert process.stdout.readline().startswith(b"line 0")
        process.stdout.close()
        process.stdout = None
        _, trouble = process.communicate(timeout=90)
    assert (process.returncode, trouble) == (plugin_commands.NOBODY_READS, b"")


def test_the_shell_reads_the_exit_code_that_a_command_answers(program):
    begin, words = program
    with begin([*words, "answers"]) as process:
        process.communicate(timeout=90)
    assert process.returncode == 3
