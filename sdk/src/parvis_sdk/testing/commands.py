"""Runs commands without a host: the printed lines, the exit code, and everything that the host reports as a fault.

ran = await ran_by(COLUMNS, {"table": "orders"}, system)
assert ran == CommandRan(code=0, said=("key", "words"))
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from msgspec import Struct

from parvis_sdk.commands import Argument, Command, CommandRun, code_mistake, command_mistakes
from parvis_sdk.connectors import Connection
from parvis_sdk.errors import DeclarationMistake, OutsideError, Words
from parvis_sdk.lines import where_function_is
from parvis_sdk.testing.chores import nobody
from parvis_sdk.testing.texts import missing_words
from parvis_sdk.testing.town import MORNING
from parvis_sdk.testing.watched_thread import Tried, WatchedThread
from parvis_sdk.text import Text

TRIED_FOR = 5.0  # seconds, where nothing that it calls is far away
FAILS = Text(fr="la commande échoue", en="the command fails")
RAISES = Text(fr="elle lève {error}", en="it raises {error}")
SAY_LATER = Text(
    fr="levez Later ou Refused quand l’autre système ne répond pas", en="raise Later or Refused where the other is away"
)
CORRECT = Text(fr="corrigez sa fonction run", en="correct its function run")
HANGS = Text(fr="elle ne finit pas en {seconds}\u00a0s", en="it does not end within {seconds} s")
BLOCKS = Text(fr="elle bloque sans rien attendre avec `await`", en="it blocks without awaiting anything")
AWAIT = Text(fr="attendez avec `await` ce qui dure", en="await what takes long")
NO_WORDS = Text(fr="ses mots\u00a0: {mistake}", en="its words: {mistake}")
BOTH = Text(fr="donnez titre et aide dans les deux langues", en="give title and help in both languages")


class CommandRan(Struct, frozen=True, kw_only=True):
    """The exit code of a command and the lines that it printed."""

    code: int
    said: tuple[str, ...] = ()


async def ran_by(
    command: Command,
    arguments: Mapping[str, Any] | None = None,
    system: httpx.AsyncBaseTransport | None = None,
    *,
    language: str = "en",
) -> CommandRan:
    """Runs a command with these arguments; all others have their defaults."""
    said: list[str] = []
    answer = await _run(command, arguments or {}, system or httpx.MockTransport(nobody), said, language)
    if mistake := code_mistake(answer):
        raise AssertionError(str(mistake.within(f"command {command.code!r}")))
    return CommandRan(code=answer or 0, said=tuple(line for each in said for line in each.split("\n")))


def mistakes_of_command(command: Command, languages: tuple[str, ...] = ("fr", "en")) -> list[DeclarationMistake]:
    """Every mistake of a command: in its declaration, and in a run with sample arguments and no other system."""
    line = _line(command)
    found = [each.within(line) if line else each for each in command_mistakes(command)]
    words = (command.title, *(each.help for each in command.arguments))
    found += [_mistake(command, NO_WORDS.format(mistake=each), BOTH) for each in missing_words(words, languages)]
    if found:
        return found
    package = str(getattr(command.run, "__module__", "")).partition(".")[0]
    typed = {each.name: _typed(each) for each in command.arguments}
    with WatchedThread(package, TRIED_FOR) as thread:
        tried = thread.tries(lambda: _run(command, typed, httpx.MockTransport(nobody), [], "fr"))
    return list(_of_run(command, tried))


async def _run(
    command: Command, typed: Mapping[str, Any], system: httpx.AsyncBaseTransport, said: list[str], language: str
) -> Any:
    usual = {each.name: False if each.kind == "yes" else each.default for each in command.arguments}
    async with httpx.AsyncClient(transport=system) as http:
        lent = Connection(http=http, now=MORNING)
        run = CommandRun(arguments={**usual, **typed}, write=said.append, connection=lent, language=language)
        return await command.run(run)


def _typed(argument: Argument) -> Any:
    """Something that may be typed there."""
    return {
        "text": argument.choices[0] if argument.choices else "something",
        "number": 1,
        "day": MORNING.date(),
        "yes": True,
    }[argument.kind]


def _of_run(command: Command, tried: Tried) -> Iterator[DeclarationMistake]:
    if tried.blocking is not None:
        yield _mistake(command, BLOCKS, AWAIT, tried.blocking.where)
    elif tried.hung:
        yield _mistake(command, HANGS.format(seconds=f"{TRIED_FOR:g}"), AWAIT, tried.where)
    elif isinstance(tried.error, httpx.HTTPError):
        yield _mistake(command, RAISES.format(error=type(tried.error).__name__), SAY_LATER)
    elif tried.error is not None and not isinstance(tried.error, OutsideError):
        yield _mistake(command, RAISES.format(error=f"{type(tried.error).__name__}: {tried.error}"[:200]), CORRECT)
    elif tried.error is None and (mistake := code_mistake(tried.answer)):
        yield _mistake(command, mistake.what, mistake.now_what)


def _mistake(command: Command, what: Words, now_what: Words, part: str = "") -> DeclarationMistake:
    where = " · ".join(each for each in (_line(command), f"command {command.code!r}", part) if each)
    return DeclarationMistake(where=where, what=what, so_what=FAILS, now_what=now_what)


def _line(command: Command) -> str:
    return where_function_is(command.run, sys.modules.get(getattr(command.run, "__module__", "")))
