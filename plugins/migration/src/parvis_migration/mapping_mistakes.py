"""What is wrong with a mapping: its file cannot be read, or it names what is not there."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import available_timezones

import msgspec

from parvis.jurisdictions import Jurisdiction
from parvis_migration.mapping import ANY_OTHER, LINKS, PHASES, FieldMapping
from parvis_migration.projections import is_projection
from parvis_migration.refusals import Refusal
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Channel
from parvis_sdk.text import Text

CHANNELS: tuple[str, ...] = Channel.__args__  # type: ignore[attr-defined]
ITS_SHAPES = (
    (
        r"Expected `(?P<wanted>[\w |]+)`, got `(?P<given>\w+)`",
        Text(fr="il faut {wanted}, et non {given}", en="{wanted} is expected, not {given}"),
    ),
    (
        r"Object contains unknown field `(?P<name>.*)`",
        Text(fr="«\u00a0{name}\u00a0» n’existe pas", en="“{name}” does not exist"),
    ),
    (
        r"Object missing required field `(?P<name>.*)`",
        Text(fr="il manque «\u00a0{name}\u00a0»", en="“{name}” is missing"),
    ),
    (
        r"Invalid enum value '?(?P<name>.*?)'?",
        Text(fr="«\u00a0{name}\u00a0» n’est pas un choix", en="“{name}” is not a choice"),
    ),
)
"""How msgspec says what is wrong, and how a person reads it."""
SHAPES = {
    "array": Text(fr="une liste", en="a list"),
    "str": Text(fr="un texte", en="a text"),
    "int": Text(fr="un nombre entier", en="a whole number"),
    "float": Text(fr="un nombre", en="a number"),
    "bool": Text(fr="oui ou non (true, false)", en="true or false"),
    "object": Text(fr="une table", en="a table"),
}
NOT_TOML = Text(
    fr="{file} n’est pas du TOML{place}\u00a0: une valeur de texte est entre guillemets",
    en="{file} is not TOML{place}: a text stands between quotation marks",
)
NOT_UTF8 = Text(fr="{file} n’est pas en UTF-8", en="{file} is not in UTF-8")
PLACE = re.compile(r"line (?P<line>\d+), column (?P<column>\d+)")


def read_mapping(path: Path) -> FieldMapping:
    """The mapping of a file, or a sentence that says what is wrong with it."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), FieldMapping)
    except UnicodeDecodeError:
        raise Refusal(NOT_UTF8.format(file=path)) from None
    except tomllib.TOMLDecodeError as error:
        found = PLACE.search(str(error))
        place = Text(fr=" (ligne {line}, colonne {column})", en=" (line {line}, column {column})")
        said = place.format(**found.groupdict()) if found else ""
        raise Refusal(NOT_TOML.format(file=path, place=said)) from None
    except msgspec.ValidationError as error:
        raise Refusal(said_plainly(str(error)).each(lambda words, _: f"{path}: {words}")) from None


def said_plainly(error: str) -> Text:
    """What msgspec found, in words for the author of the mapping.

    >>> said_plainly("Expected `array`, got `str` - at `$.columns.words`").en
    'columns.words: a list is expected, not a text'
    """
    what, _, where = error.partition(" - at ")
    place = where.strip("`").removeprefix("$").removeprefix(".")
    for pattern, sentence in ITS_SHAPES:
        if found := re.fullmatch(pattern, what):
            values = {name: SHAPES.get(value.partition(" ")[0], value) for name, value in found.groupdict().items()}
            return sentence.format(**values).each(
                lambda words, language: (f"{place}\u00a0: " if language == "fr" else f"{place}: ") * bool(place) + words
            )
    return Text(fr=f"{place}\u00a0: {what}" if place else what, en=f"{place}: {what}" if place else what)


NO_COLUMN = Text(
    fr="{at}\u00a0: le fichier n’a pas de colonne «\u00a0{name}\u00a0»", en="{at}: the file has no column “{name}”"
)
OWN_NUMBER = Text(
    fr="{at}\u00a0: «\u00a0{name}\u00a0» contient le numéro de la ligne elle-même, et non celui d’une autre",
    en="{at}: “{name}” has the number of the row itself, not of another",
)
HALF_A_POINT = Text(
    fr="columns.lon, columns.lat\u00a0: nommez les deux ou aucune\u00a0: une seule ne fait pas un point",
    en="columns.lon, columns.lat: name both, or neither: one alone is no point",
)
NO_QUESTION = Text(
    fr="{at}\u00a0: aucun type de requête de {town} ne pose cette question",
    en="{at}: no request type of {town} asks that",
)
NO_TYPE = Text(
    fr="{at}\u00a0: {town} n’a pas de type de requête «\u00a0{name}\u00a0»",
    en="{at}: {town} has no request type “{name}”",
)
NO_STATE = Text(
    fr="{at}\u00a0: «\u00a0{name}\u00a0» n’est ni une phase ({phases}) ni un état",
    en="{at}: “{name}” is neither a phase ({phases}) nor a state",
)
NO_UNIT = Text(fr="{at}\u00a0: {town} n’a pas d’unité «\u00a0{name}\u00a0»", en="{at}: {town} has no unit “{name}”")
NO_CHANNEL = Text(fr="{at}\u00a0: «\u00a0{name}\u00a0» n’est aucun de {known}", en="{at}: “{name}” is none of {known}")
NO_TYPES = Text(
    fr="columns.type\u00a0: nommez une colonne, ou un seul type pour toutes les lignes\u00a0: types.{any}",
    en="columns.type: name a column, or one type for all rows: types.{any}",
)
NO_ZONE = Text(
    fr="time_zone\u00a0: il n’y a pas de fuseau «\u00a0{name}\u00a0»", en="time_zone: there is no zone “{name}”"
)
NO_LANGUAGE = Text(fr="language\u00a0: l’une de {known}", en="language: one of {known}")
NO_PROJECTION = Text(
    fr="projection\u00a0: «\u00a0{name}\u00a0» n’est pas connue", en="projection: “{name}” is not known"
)
NO_FIT = Text(fr="{file} ne convient pas\u00a0: {mistakes}", en="{file} does not fit: {mistakes}")


def fitting(
    mapping: FieldMapping,
    file: Path,
    columns: tuple[str, ...],
    town: Jurisdiction,
    types: Mapping[str, RequestType],
) -> FieldMapping:
    """The mapping, which names nothing that is not there; raises `Refusal` with every mistake."""
    if mistakes := list(mistakes_in(mapping, columns, town, types)):
        fr, en = ("; ".join(each.to(language) for each in mistakes) for language in ("fr", "en"))
        raise Refusal(NO_FIT.format(file=file, mistakes=Text(fr=fr, en=en)))
    return mapping


def mistakes_in(
    mapping: FieldMapping, columns: tuple[str, ...], town: Jurisdiction, types: Mapping[str, RequestType]
) -> Iterator[Text]:
    """What the mapping names that is not there."""
    yield from _of_columns(mapping, columns, town, types)
    for word, code in mapping.types.items():
        if code and code not in types:
            yield NO_TYPE.format(at=f"types.{word}", town=town.code, name=code)
    states = {state.code for each in types.values() for state in each.workflow.states} | set(PHASES)
    for word, code in mapping.states.items():
        if code and code not in states:
            yield NO_STATE.format(at=f"states.{word}", name=code, phases=", ".join(PHASES))
    for word, code in mapping.units.items():
        if code and town.unit(code) is None:
            yield NO_UNIT.format(at=f"units.{word}", town=town.code, name=code)
    for word, code in mapping.channels.items():
        if code not in CHANNELS:
            yield NO_CHANNEL.format(at=f"channels.{word}", name=code, known=", ".join(CHANNELS))
    if not mapping.columns.type and ANY_OTHER not in mapping.types:
        yield NO_TYPES.format(any=ANY_OTHER)
    if mapping.time_zone and mapping.time_zone not in available_timezones():
        yield NO_ZONE.format(name=mapping.time_zone)
    if mapping.language not in town.languages:
        yield NO_LANGUAGE.format(known=", ".join(town.languages))
    if not is_projection(mapping.projection):
        yield NO_PROJECTION.format(name=mapping.projection)


def _of_columns(
    mapping: FieldMapping, columns: tuple[str, ...], town: Jurisdiction, types: Mapping[str, RequestType]
) -> Iterator[Text]:
    uses = [(f"columns.{use}", name) for use, name in mapping.columns.each()]
    for at, name in (*uses, *((f"answers.{field}", name) for field, name in mapping.answers.items())):
        if name not in columns:
            yield NO_COLUMN.format(at=at, name=name)
    for use in LINKS:
        if mapping.columns.number and getattr(mapping.columns, use) == mapping.columns.number:
            yield OWN_NUMBER.format(at=f"columns.{use}", name=mapping.columns.number)
    if bool(mapping.columns.lon) != bool(mapping.columns.lat):
        yield HALF_A_POINT
    asked = {field.code for each in types.values() for field in each.form.fields()}
    for code in mapping.answers:
        if code not in asked:
            yield NO_QUESTION.format(at=f"answers.{code}", town=town.code)
