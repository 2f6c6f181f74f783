"""Commands: what a plugin does when an operator types `parvis <plugin> <command>`.

async def columns(run: CommandRun) -> int:
    run.write(f"{run.arguments['table']}: key, words")
    return 0

Command(code="columns", title=Text(fr="Colonnes d’une table", en="Columns of a table"), run=columns,
        arguments=(Argument(name="table", help=Text(fr="La table", en="The table")),))
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.noun_mistakes import noun_mistakes
from parvis_sdk.text import Text

Kind = Literal["text", "number", "day", "yes"]
Value = str | int | bool | date | None
KINDS: dict[str, type] = {"text": str, "number": int, "day": date, "yes": bool}
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
TAKEN = ("help", "h", "settings", "version")
MOST_CODE = 125  # of exit codes; above them the shell has its own
LONGEST = 3600.0  # seconds


class Argument(Struct, frozen=True, kw_only=True):
    """Something that is typed after a command: by its place, or as an `option` (`--since 2026-01-31`).

    A "yes" is always an option, and true where it is typed. What is not typed has its `default`, and need not be where
    it has one or is not `required`; words ("text") that have `choices` are one of them.
    """

    name: str
    help: Text
    kind: Kind = "text"
    option: bool = False
    required: bool = True
    default: Value = None
    choices: tuple[str, ...] = ()


class CommandRun(Struct, frozen=True, kw_only=True):
    """One run: what was typed, by name, how words reach the operator, a client, and their language ("fr", "en").

    `write` adds a line to the output. The connection has neither memory nor requests: a command works without a
    database.
    """

    arguments: Mapping[str, Any]
    write: Callable[[str], None]
    connection: Connection
    language: str = "en"

    def say(self, words: Text) -> None:
        """Write these words in the operator's language."""
        self.write(words.to(self.language))


Run = Callable[[CommandRun], Awaitable[int | None]]


class Command(Struct, frozen=True, kw_only=True):
    """Something to be typed: `code` is unique in its plugin and stays; `title` is its help in one line.

    `run` answers the exit code (nothing: 0), within `seconds` (3,600 at most); ten without any `await` end it too.
    `Refused` and `Later` are told in their words, with exit code 1.
    """

    code: str
    title: Text
    run: Run
    arguments: tuple[Argument, ...] = ()
    seconds: float = 60.0

    @property
    def name(self) -> str:
        """What it is called among the nouns of its plugin."""
        return self.code


BAD_NAME = Text(fr="le nom {name} ne peut pas être tapé", en="the name {name} cannot be typed")
SMALL_LETTERS = Text(fr="écrivez-le en minuscules, chiffres et _", en="write it in lowercase letters, digits and _")
TWICE = Text(fr="deux arguments ont le nom {name}", en="two arguments have the name {name}")
EACH_ITS_OWN = Text(fr="donnez à chacun le sien", en="give each its own")
NOT_OF_KIND = Text(fr="{default} n’est pas de la sorte {kind}", en="{default} is not of kind {kind}")
GIVE_FIT = Text(fr="donnez une valeur qui convient", en="give a value that fits")
WORDS_ALONE = Text(fr="seuls des mots ont des choix", en="only words have choices")
OF_TEXT = Text(fr="prenez la sorte text, ou ôtez choices", en="make it of kind text, or take choices away")
AFTER_OPTIONAL = Text(
    fr="{name} est obligatoire et vient après un argument qui ne l’est pas",
    en="{name} is required and comes after one that is not",
)
TURN = Text(fr="mettez d’abord ceux qui le sont", en="put those that are first")
SECONDS = Text(fr="{seconds} secondes ne sont pas possibles", en="{seconds} seconds are not possible")
FROM_TO = Text(fr="prenez de 1 à {most}", en="take 1 to {most}")
NOT_A_CODE = Text(
    fr="la réponse est {given}, au lieu d’un code de sortie", en="it answered {given} instead of an exit code"
)
ANSWER_CODE = Text(fr="répondez de 0 à {most}, ou rien", en="answer 0 to {most}, or nothing")


def command_mistakes(command: Command) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one command."""
    wrong = list(noun_mistakes(command, "command", "run", "run"))
    yield from wrong
    if any(" · " in each.where for each in wrong):
        return
    where = f"command {command.code!r}"
    names, optional = [each.name for each in command.arguments], False
    for number, each in enumerate(command.arguments):
        at = f"{where} · argument {each.name!r}"
        if not NAME.fullmatch(each.name) or each.name in TAKEN:
            yield _mistake(at, BAD_NAME.format(name=repr(each.name)), SMALL_LETTERS)
        if each.name in names[:number]:
            yield _mistake(at, TWICE.format(name=repr(each.name)), EACH_ITS_OWN)
        if not _fits(each):
            yield _mistake(at, NOT_OF_KIND.format(default=repr(each.default), kind=each.kind), GIVE_FIT)
        if each.choices and each.kind != "text":
            yield _mistake(at, WORDS_ALONE, OF_TEXT)
        if optional and must_be_typed(each) and not is_option(each):
            yield _mistake(at, AFTER_OPTIONAL.format(name=repr(each.name)), TURN)
        optional = optional or not (must_be_typed(each) or is_option(each))
    if not 0 < command.seconds <= LONGEST:
        yield _mistake(where, SECONDS.format(seconds=command.seconds), FROM_TO.format(most=f"{LONGEST:g}"))


def is_option(argument: Argument) -> bool:
    """Whether it is typed with its name."""
    return argument.option or argument.kind == "yes"


def must_be_typed(argument: Argument) -> bool:
    """Whether a command does not run without it."""
    return argument.required and argument.default is None and argument.kind != "yes"


def code_mistake(answer: Any) -> DeclarationMistake | None:
    """Why the result of a command is not an exit code; None where it is one."""
    if answer is None or (type(answer) is int and 0 <= answer <= MOST_CODE):
        return None
    given = repr(answer)[:60] if type(answer) is int else type(answer).__name__
    return _mistake("", NOT_A_CODE.format(given=given), ANSWER_CODE.format(most=MOST_CODE))


def _fits(argument: Argument) -> bool:
    default = argument.default
    if default is not None and (type(default) is not KINDS[argument.kind] or default is True):
        return False
    return not (argument.choices and default is not None and default not in argument.choices)


def _mistake(where: str, what: Words, now_what: Words) -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, now_what=now_what)
