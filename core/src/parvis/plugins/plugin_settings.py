"""A plugin's own settings: its struct filled from the town's file and the environment, every mistake told at once."""

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis.troubles import Words, said
from parvis_sdk.text import Text

DID_YOU_MEAN = Text(fr="{near}, peut-être?", en="did you mean {near}?")
IT_KNOWS = Text(fr="paramètres existants\u00a0: {known}", en="existing settings: {known}")
NO_SETTING = Text(fr="aucun", en="none")
NO_SUCH = Text(fr="ce paramètre n’existe pas", en="there is no such setting")
UNREADABLE = Text(fr="le fichier est illisible\u00a0: {why}", en="the file cannot be read: {why}")
CORRECT_PATH = Text(fr="corrigez son chemin ou ses droits", en="correct its path or its permissions")
MISSING = Text(fr="le paramètre {key} manque", en="the setting {key} is missing")
SET_IT = Text(fr="donnez-le là, ou dans {variable}", en="set it there, or in {variable}")
CORRECT_VALUE = Text(fr="corrigez sa valeur", en="correct its value")
CORRECT_VALUES = Text(fr="corrigez ses valeurs", en="correct its values")
SettingsFor = Callable[[str, type[Struct]], Struct]


class SettingsWrong(Exception):
    """What cannot be read; `mistakes` holds (key, what, now what) of each, and never a value that may be secret.

    `usable` are the settings without what is wrong, where the others make a whole: good for telling what a plugin would
    bring, and for nothing else.
    """

    def __init__(self, mistakes: list[tuple[str, Words, Words]], usable: Struct | None = None) -> None:
        self.mistakes = mistakes
        self.usable = usable
        super().__init__("; ".join(f"{key}: {said(what, 'en')}" for key, what, _ in mistakes))


def settings_from(
    tables: Mapping[str, Mapping[str, Any]] | None = None, environ: Mapping[str, str] | None = None
) -> SettingsFor:
    """What fills the settings of each plugin out of `[plugins.<name>]` and, before it, `PARVIS_<NAME>_<KEY>`.

    A secret may lie in a file of its own, named by `PARVIS_<NAME>_<KEY>_FILE`.
    """
    given = os.environ if environ is None else environ

    def fill(name: str, kind: type[Struct]) -> Struct:
        return read_settings(kind, (tables or {}).get(name, {}), given, name)

    return fill


def read_settings(kind: type[Struct], table: Mapping[str, Any], environ: Mapping[str, str], name: str) -> Struct:
    """One struct of settings, or `SettingsWrong` with everything that is wrong."""
    fields = {field.encode_name: field for field in structs.fields(kind)}
    mistakes: list[tuple[str, Words, Words]] = []
    for key in table:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, 1, 0.6)
            now_what = (
                DID_YOU_MEAN.format(near=repr(near[0]))
                if near
                else IT_KNOWS.format(known=", ".join(fields) or NO_SETTING)
            )
            mistakes.append((f"[plugins.{name}] {key}", NO_SUCH, now_what))
    values: dict[str, Any] = {}
    mistakes += [(variable, NO_SUCH, near) for variable, near in _misspelt(fields, environ, name)]
    for key, field in fields.items():
        try:
            where, raw = _raw(key, table, environ, name)
        except OSError as error:
            variable = f"{_variable(name, key)}_FILE"
            mistakes.append((variable, UNREADABLE.format(why=error.strerror), CORRECT_PATH))
            continue
        if raw is msgspec.UNSET:
            if field.required:
                now_what = SET_IT.format(variable=_variable(name, key))
                mistakes.append((f"[plugins.{name}]", MISSING.format(key=repr(key)), now_what))
            continue
        try:
            values[field.name] = read_value(raw, field.type)
        except msgspec.MsgspecError as error:
            mistakes.append((where, str(error).split(" - at ")[0], CORRECT_VALUE))
    if not mistakes:
        try:
            return kind(**values)
        except (TypeError, ValueError) as error:
            mistakes.append((f"[plugins.{name}]", str(error), CORRECT_VALUES))
    raise SettingsWrong(mistakes, _as_far_as_right(kind, values))


def _as_far_as_right(kind: type[Struct], values: Mapping[str, Any]) -> Struct | None:
    """The settings without whatever is wrong: nothing more, one of them, or all that are not needed."""
    for left_out in ((), *((name,) for name in values), tuple(values)):
        try:
            return kind(**{name: value for name, value in values.items() if name not in left_out})
        except (TypeError, ValueError):
            continue
    return None


def _misspelt(fields: Iterable[str], environ: Mapping[str, str], name: str) -> Iterator[tuple[str, Words]]:
    """Variables of this plugin that are almost those of a setting; others may be another plugin's of a longer name."""
    prefix, known = _variable(name, ""), list(fields)
    for variable in sorted(environ):
        if not variable.startswith(prefix):
            continue
        key = variable.removeprefix(prefix).lower()
        if key in known or key.removesuffix("_file") in known:
            continue
        if near := difflib.get_close_matches(key.removesuffix("_file"), known, 1, 0.75):
            yield variable, DID_YOU_MEAN.format(near=_variable(name, near[0]))


def _variable(name: str, key: str) -> str:
    return f"PARVIS_{name}_{key}".upper()


def _raw(key: str, table: Mapping[str, Any], environ: Mapping[str, str], name: str) -> tuple[str, Any]:
    variable = _variable(name, key)
    if variable in environ:
        return variable, environ[variable]
    if path := environ.get(f"{variable}_FILE"):
        return f"{variable}_FILE", Path(path).read_text(encoding="utf-8").strip()
    return f"[plugins.{name}] {key}", table.get(key, msgspec.UNSET)


def read_value(raw: Any, kind: Any) -> Any:
    """One value as its type wants it; words of the environment may be JSON, or a list with commas."""
    if not isinstance(raw, str):
        return msgspec.convert(raw, kind)
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        for reading in (lambda: msgspec.json.decode(raw), lambda: [part.strip() for part in raw.split(",")]):
            try:
                return msgspec.convert(reading(), kind, strict=False)
            except msgspec.MsgspecError:
                continue
        raise error
