"""Whether the values in a declaration have the types that its structs name."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from parvis_sdk.cleaning import UNSAFE
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.text import Text

WHAT = Text(fr="s’y trouve {value}, au lieu de {wanted}", en="it is {value} instead of {wanted}")
GIVE_IT = Text(fr="donnez-lui ce que nomme sa déclaration", en="give it what its declaration names")
WRITE_TEXT = Text(fr="écrivez Text(fr=…, en=…)", en="write Text(fr=…, en=…)")
COMMA = Text(fr="c’est la virgule qui fait le tuple\u00a0: ({value},)", en="the comma makes the tuple: ({value},)")
STRANGE = Text(
    fr="ses mots contiennent {name}, qu’aucune page ne montre", en="its words hold {name}, which no page shows"
)
WITHOUT = Text(
    fr="écrivez-les sans caractères de commande ni moitiés de caractères",
    en="write them without control characters and halves of characters",
)
PLAIN = (str, bool, int, float, type(None))
UNSAID = ("form", "workflow")  # what is in them has codes of its own
LONGEST = 60  # characters of a value that are shown


def shape_mistakes(thing: Struct) -> Iterator[DeclarationMistake]:
    """Each value in a declaration of another type than its field, with the path to it."""
    yield from _of_struct(thing, "")


def strange_words(thing: Any) -> Iterator[DeclarationMistake]:
    """The first text in a declaration with characters that cannot be shown safely: control characters, lone surrogates,
    or hidden changes of direction.
    """
    waiting = [thing] if isinstance(thing, Struct) else [getattr(thing, "title", None)]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Text):
            words: tuple[Any, ...] = (each.fr, each.en, *each.others.values())
            if found := next(filter(None, (UNSAFE.search(one) for one in words if isinstance(one, str))), None):
                name = f"U+{ord(found[0]):04X}"
                where = f"{type(thing).__name__} {getattr(thing, 'code', getattr(thing, 'name', ''))!r}"
                yield DeclarationMistake(where=where, what=STRANGE.format(name=name), now_what=WITHOUT)
                return
        elif isinstance(each, Struct):
            waiting.extend(getattr(each, name) for name in each.__struct_fields__)
        elif isinstance(each, list | tuple):
            waiting.extend(each)


class Wanted(Struct, frozen=True):
    """What a field names, looked at once: the classes whose values fit as they are, what members of a tuple are to be,
    and whether anything fits.
    """

    hint: Any
    classes: frozenset[type]
    members: "Wanted | None"
    anything: bool
    mapping: bool


def _of_struct(thing: Struct, where: str) -> Iterator[DeclarationMistake]:
    for name, wanted in _fields(type(thing)):
        value = getattr(thing, name)
        if type(value) not in PLAIN or type(value) not in wanted.classes:
            yield from _of_value(value, wanted, where, name)


def _of_value(value: Any, wanted: Wanted, where: str, name: str) -> Iterator[DeclarationMistake]:
    if isinstance(value, list | tuple) and wanted.members is not None:
        for each in value:
            yield from _of_value(each, wanted.members, where, name)
    elif isinstance(value, Struct) and _may_be(value, wanted):
        yield from _of_struct(value, _within(where, name, value))
    elif not _fits(value, wanted):
        shown = repr(value) if len(repr(value)) <= LONGEST else f"{repr(value)[:LONGEST]}…"
        what = WHAT.format(value=shown, wanted=_said(wanted.hint))
        place = " · ".join(part for part in (where, name) if part)
        yield DeclarationMistake(where=place, what=what, now_what=_cure(value, wanted))


@cache
def _fields(noun: type[Struct]) -> tuple[tuple[str, Wanted], ...]:
    return tuple((field.name, _wanted(field.type)) for field in structs.fields(noun))


@cache
def _wanted(hint: Any) -> Wanted:
    alternatives = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    members = None
    for each in alternatives:
        given = get_args(each)
        if get_origin(each) in (tuple, list) and given and (len(given) == 1 or given[1] is Ellipsis):
            members = _wanted(given[0])
    return Wanted(
        hint=hint,
        classes=frozenset(each for each in alternatives if isinstance(each, type)),
        members=members,
        anything=Any in alternatives,
        mapping=any(get_origin(each) is dict or each is dict for each in alternatives),
    )


def _may_be(value: Struct, wanted: Wanted) -> bool:
    return wanted.anything or not wanted.classes.isdisjoint(type(value).__mro__)


def _fits(value: Any, wanted: Wanted) -> bool:
    if wanted.anything or (type(value) in PLAIN and type(value) in wanted.classes):
        return True
    if isinstance(value, Struct) or (isinstance(value, Mapping) and not wanted.mapping):
        return False
    try:
        msgspec.convert(value, wanted.hint)
    except msgspec.ValidationError:
        return False
    except TypeError:  # a type of which msgspec knows nothing
        return True
    return True


def _within(where: str, name: str, thing: Struct) -> str:
    """The place of a noun that has a code, as every mistake says it; of one without, the field it stands in."""
    code = getattr(thing, "code", None) or getattr(thing, "on", None)
    if not isinstance(code, str):
        return " · ".join(part for part in (where, "" if name in UNSAID else name) if part)
    config = thing.__struct_config__
    word = {"kind": "field", "part": str(config.tag)}.get(str(config.tag_field), _words(type(thing).__name__))
    return " · ".join(part for part in (where, f"{word} {code!r}") if part)


def _words(name: str) -> str:
    """The name of a class in words: "service level" of `ServiceLevel`."""
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()


def _said(wanted: Any) -> str:
    if wanted is type(None):
        return "None"
    if get_origin(wanted) is Literal:
        return " | ".join(map(repr, get_args(wanted)))
    if get_origin(wanted) in (Union, UnionType):
        several = dict.fromkeys(_said(each) for each in get_args(wanted))
        return " | ".join(several) if len(several) < 6 else "another of its kinds"
    if get_origin(wanted) is not None:
        inner = ", ".join("..." if each is Ellipsis else _said(each) for each in get_args(wanted))
        return f"{get_origin(wanted).__name__}[{inner}]"
    return str(getattr(wanted, "__name__", wanted))


def _cure(value: Any, wanted: Wanted) -> Text:
    if isinstance(value, str) and Text in wanted.classes:
        return WRITE_TEXT
    if wanted.members is not None and _fits(value, wanted.members):
        return COMMA.format(value=repr(value)[:LONGEST])
    return GIVE_IT
