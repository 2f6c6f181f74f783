"""Mistakes of any declaration with a code, a title and an async function, whatever its hook."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.made_of import shape_mistakes
from parvis_sdk.text import Text

CODE = re.compile(r"[a-z][a-z0-9_-]{1,59}")
BAD_CODE = Text(fr="le code n’est pas utilisable", en="it has no usable code")
SMALL_LETTERS = Text(
    fr="écrivez-le en minuscules, chiffres, _ et -", en="write it in lowercase letters, digits, _ and -"
)
NO_TITLE = Text(fr="le titre manque", en="it has no title")
GIVE_TITLE = Text(fr="donnez-lui un titre dans les deux langues", en="give it a title in both languages")
NOT_ASYNC = Text(fr="sa fonction {name} n’est pas async", en="its {name} is not async")
NOT_TAKING = Text(fr="sa fonction {name} ne prend pas ({given})", en="its {name} does not take ({given})")
WRITE_IT = Text(fr="écrivez `async def {name}({given})`", en="write `async def {name}({given})`")


def noun_mistakes(noun: Struct, kind: str, function: str, given: str) -> Iterator[DeclarationMistake]:
    """Every mistake of the shape, the code, the title and the function of a noun; `given` names what the function is
    given: "town, connection"."""
    told: Any = noun
    where = f"{kind} {told.code!r}"
    wrong = [each.within(where) for each in shape_mistakes(noun)]
    yield from wrong
    if wrong:
        return
    if not CODE.fullmatch(told.code):
        yield _mistake(where, BAD_CODE, SMALL_LETTERS)
    if not told.title.fr.strip():
        yield _mistake(where, NO_TITLE, GIVE_TITLE)
    called = getattr(noun, function)
    if what := function_mistake(called, function, given):
        name = str(getattr(called, "__name__", function))
        yield _mistake(where, what, WRITE_IT.format(name=name, given=given))


def function_mistake(function: Any, name: str, given: str) -> Text | None:
    """Why a function cannot be awaited with its arguments; None where it can."""
    called = function if inspect.isroutine(function) else getattr(type(function), "__call__", None)  # noqa: B004
    if not callable(function) or not inspect.iscoroutinefunction(called):
        return NOT_ASYNC.format(name=name)
    try:
        inspect.signature(function).bind(*given.split(","))
    except TypeError:
        return NOT_TAKING.format(name=name, given=given)
    return None


def _mistake(where: str, what: Words, now_what: Words) -> DeclarationMistake:
    return DeclarationMistake(where=where, what=what, now_what=now_what)
