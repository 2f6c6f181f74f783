"""Reading a file of another system, whatever its form: its rows as text by column, and the line of each."""

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from msgspec import Struct
from shapely.errors import ShapelyError
from shapely.geometry import shape

from parvis_geodata.encodings import likeliest_encoding, marked_encoding
from parvis_migration.refusals import refused
from parvis_migration.rows import Row, Rows
from parvis_sdk.cleaning import UNSAFE
from parvis_sdk.text import Text

MOST_OF_A_CELL = 1_000_000  # characters
SAMPLE = 200_000  # bytes from which an encoding and a separator are found
SEPARATORS = ";,\t|"
SAID = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # the first line of a CSV that is meant for a spreadsheet
MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!doctype|html|table|meta|head|style|body|div)\b", re.IGNORECASE)
BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
OF_BOOKS = (b"PK", b"\xd0\xcf\x11\xe0")  # how their bytes begin
OPEN311 = "open311"  # how the kind of a source begins that was read from a server
LON, LAT = "geometry.lon", "geometry.lat"
Broken = list[tuple[int, Text]]
TOO_MANY_CELLS = Text(fr="{cells} cellules, {columns} colonnes", en="{cells} cells, {columns} columns")
NO_OBJECT = Text(fr="ce n’est pas un objet", en="no object")
NO_JSON = Text(fr="ce n’est pas du JSON (caractère {at})", en="this is not JSON (character {at})")
NO_JSON_SO = Text(fr="ce JSON ne peut pas être lu\u00a0: {why}", en="this JSON cannot be read: {why}")
LISTS = ("requests", "service_requests", "results", "data", "value", "items")  # where an API puts its rows


class Source(Struct, frozen=True, kw_only=True):
    """The rows of a file, each with its line there (the first row of data of a table stands on line 2)."""

    kind: str
    encoding: str = ""
    separator: str = ""
    columns: tuple[str, ...] = ()
    rows: Rows
    broken: tuple[tuple[int, Text], ...] = ()  # lines that could not be read as rows, and why
    told: tuple[Text, ...] = ()  # what may be missing of it


def read_source(path: Path, *, encoding: str = "", separator: str = "", sheet: str = "") -> Source:
    """A file, read once: a table and JSON lines row by row, a workbook and other JSON whole."""
    try:
        return _read(path, encoding, separator, sheet)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as error:
        raise refused(
            "{file} est tronqué ou abîmé\u00a0: {error}",
            "{file} is cut short or damaged: {error}",
            file=path.name,
            error=error,
        ) from None
    except (RecursionError, ValueError) as error:
        raise refused(
            "{file} ne peut pas être lu\u00a0: {error}", "{file} cannot be read: {error}", file=path.name, error=error
        ) from None


def _read(path: Path, encoding: str, separator: str, sheet: str) -> Source:
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(BOOKS) and _is_book(path):
        return _read_book(path, sheet)
    with bytes_of(path) as content:
        begins = content.read(SAMPLE).lstrip()
        is_json = begins.startswith((b"{", b"["))
    if MARKUP.match(begins):
        raise refused(
            "{file} est une page HTML ou du XML\u00a0: ouvrez-le dans un tableur et enregistrez-le en .xlsx",
            "{file} is an HTML page or XML: open it in a spreadsheet and save it as .xlsx",
            file=path.name,
        )
    if name.endswith((".json", ".jsonl", ".ndjson", ".geojson")) or is_json:
        return _read_json(path)
    return _read_table(path, encoding, separator)


def _is_book(path: Path) -> bool:
    """Whether it is no text: systems also name a table so."""
    with bytes_of(path) as content:
        begins = content.read(SAMPLE)
    return begins.startswith(OF_BOOKS) or (b"\0" in begins and not marked_encoding(begins))


def bytes_of(path: Path) -> BinaryIO:
    """What stands in a file, unpacked."""
    return cast("BinaryIO", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def _read_table(path: Path, encoding: str, separator: str) -> Source:
    csv.field_size_limit(MOST_OF_A_CELL)
    encoding = encoding or encoding_of(path)
    broken: Broken = []
    try:
        with io.TextIOWrapper(bytes_of(path), encoding) as text:
            first = text.readline(SAMPLE)
            said = SAID.fullmatch(first)
            separator = separator or (said[1] if said else _separator_of(first))
        with io.TextIOWrapper(bytes_of(path), encoding, newline="") as text:
            if said:
                text.readline()
            reader = csv.reader(text, delimiter=separator, strict=True)
            columns = _named([name.strip() for name in next(reader, [])])
            rows = Rows(_table_rows(reader, columns, broken, above=1 if said else 0))
    except (UnicodeDecodeError, LookupError) as error:
        raise refused(
            "le fichier ne peut pas être lu en {encoding}\u00a0: {error}",
            "the file cannot be read as {encoding}: {error}",
            encoding=encoding,
            error=error,
        ) from None
    return Source(kind="csv", encoding=encoding, separator=separator, columns=columns, rows=rows, broken=tuple(broken))


def _table_rows(reader: Any, columns: tuple[str, ...], broken: Broken, *, above: int) -> Iterator[tuple[int, Row]]:
    """Rows with their lines; `above` stand before what the reader has seen.

    A quotation mark that nobody closes would take the rows after it along: such a file is refused whole.
    """
    line = reader.line_num + 1 + above
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise refused(
                "la ligne qui commence à la ligne {line} ne peut pas être lue\u00a0: {error}",
                "the row that begins on line {line} cannot be read: {error}",
                line=line,
                error=error,
            ) from None
        if cells is None:
            return
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            broken.append((line, TOO_MANY_CELLS.format(cells=len(cells), columns=len(columns))))
        elif any(cell.strip() for cell in cells):
            yield line, {name: _plain(cell) for name, cell in zip(columns, cells, strict=False)}
        line = reader.line_num + 1 + above


def encoding_of(path: Path) -> str:
    """UTF-8 where it can be that; else the likeliest of those in use here."""
    with bytes_of(path) as content:
        if marked := marked_encoding(content.read(SAMPLE)):
            return marked
    try:
        with io.TextIOWrapper(bytes_of(path), "utf-8") as text:
            while text.read(SAMPLE):
                pass
    except UnicodeDecodeError:
        with bytes_of(path) as content:
            return likeliest_encoding(content)
    return "utf-8-sig"


def _separator_of(first: str) -> str:
    try:
        return csv.Sniffer().sniff(first.rstrip("\r\n"), SEPARATORS).delimiter
    except csv.Error:
        return max(SEPARATORS, key=first.count)


def _read_book(path: Path, sheet: str) -> Source:
    from parvis_migration.workbooks import read_book

    book = read_book(path, sheet)
    columns = _named([as_text(cell) for cell in book.lines[book.first]] if book.lines else [])
    rows = Rows(
        (number, dict(zip(columns, map(as_text, cells), strict=False)))
        for number, cells in enumerate(book.lines[book.first + 1 :], start=book.first + 2)
        if any(cell != "" for cell in cells)
    )
    return Source(kind="workbook", columns=columns, rows=rows, told=book.told)


def _read_json(path: Path) -> Source:
    encoding = encoding_of(path)
    with io.TextIOWrapper(bytes_of(path), encoding) as text:
        if _is_of_lines(text):
            return _read_json_lines(path, encoding)
        text.seek(0)
        try:
            whole = json.load(text, parse_int=_whole_number)
        except json.JSONDecodeError:
            return _read_json_lines(path, encoding)
    kind = "json"
    if isinstance(whole, Mapping) and whole.get("type") == "FeatureCollection":
        kind, whole = "geojson", whole.get("features", [])
    elif isinstance(whole, Mapping):
        whole = next((whole[name] for name in LISTS if isinstance(whole.get(name), list)), [whole])
    source = of_objects(kind, enumerate(whole, start=1), [])
    if not source.rows and source.broken:
        why = source.broken[0][1]
        raise refused("aucune ligne ne peut être lue\u00a0: {why}", "no row can be read: {why}", why=why)
    return source


def _is_of_lines(text: Iterable[str]) -> bool:
    """Whether each of the first two lines is an object of its own."""
    first = list(islice((line for line in text if line.strip()), 2))
    try:
        return len(first) == 2 and all(isinstance(json.loads(line), Mapping) for line in first)
    except (RecursionError, ValueError):
        return False


def _read_json_lines(path: Path, encoding: str) -> Source:
    broken: Broken = []
    with io.TextIOWrapper(bytes_of(path), encoding) as text:
        source = of_objects("json lines", _json_lines(text, broken), broken)
    if not source.rows and len(source.broken) == len(broken):
        raise refused("le fichier n’est ni du JSON ni des lignes de JSON", "the file is neither JSON nor JSON lines")
    return source


def _json_lines(text: Iterable[str], broken: Broken) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text, start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                broken.append((number, NO_JSON.format(at=error.pos + 1)))
            except (RecursionError, ValueError) as error:  # too deep, or a number of thousands of digits
                broken.append((number, NO_JSON_SO.format(why=str(error)[:100])))


def of_objects(kind: str, objects: Iterable[tuple[int, Any]], broken: Broken) -> Source:
    """Objects with their numbers, as a source with a column for each name in any of them."""
    columns: dict[str, None] = {}
    wrong: Broken = []
    rows = Rows(_object_rows(objects, columns, wrong))
    return Source(kind=kind, encoding="utf-8", columns=tuple(columns), rows=rows, broken=(*broken, *wrong))


def _object_rows(
    objects: Iterable[tuple[int, Any]], columns: dict[str, None], wrong: Broken
) -> Iterator[tuple[int, Row]]:
    for number, each in objects:
        if (number_too_long := _too_long_in(each)) is not None:
            wrong.append((number, NO_JSON_SO.format(why=str(number_too_long.why)[:100])))
        elif isinstance(each, Mapping):
            row = dict(flat(_feature(each)))
            columns.update(dict.fromkeys(row))
            yield number, row
        else:
            wrong.append((number, NO_OBJECT))


class NumberTooLong(Struct, frozen=True):
    """A number of thousands of digits, in place of what it would be, and why it is not read."""

    why: str


def _whole_number(digits: str) -> int | NumberTooLong:
    """So that one of them refuses its row, and not the whole array."""
    try:
        return int(digits)
    except ValueError as error:
        return NumberTooLong(str(error))


def _too_long_in(value: Any) -> NumberTooLong | None:
    if isinstance(value, NumberTooLong):
        return value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return next((found for each in inner if (found := _too_long_in(each)) is not None), None)


def _feature(each: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of a feature of GeoJSON, with a point on its geometry; any other object as it is."""
    if each.get("type") != "Feature":
        return each
    properties = each.get("properties")
    row = {"id": each["id"]} if "id" in each else {}
    row |= properties if isinstance(properties, Mapping) else {}
    try:
        point = shape(each["geometry"]).representative_point() if each.get("geometry") else None
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        point = None
    return row if point is None or point.is_empty else row | {LON: point.x, LAT: point.y}


def flat(value: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """The cells of an object: what stands deeper goes by its names with points between, a list by its lines."""
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield from flat(each, f"{within}{name}.")
        elif isinstance(each, list):
            yield f"{within}{name}", "\n".join(as_text(one) for one in each)
        else:
            yield f"{within}{name}", as_text(each)


def as_text(value: Any) -> str:
    """A value of JSON or of a workbook as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return _plain(str(value).encode("utf-8", "replace").decode())  # JSON may hold half a character


def _plain(cell: str) -> str:
    """A cell without what no database takes, nor any page shows."""
    return UNSAFE.sub("", cell).strip()


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, each once: what has no name, or one that was there before, goes by its number."""
    names: list[str] = []
    for number, name in enumerate(header, start=1):
        free = (f"{name or 'column'} {each}".strip() for each in count(number))
        names.append(
            name if name and name not in names else next(each for each in free if each not in (*names, *header))
        )
    return tuple(names)
