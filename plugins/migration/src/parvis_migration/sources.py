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
from functools import reduce
from itertools import count, islice
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from charset_normalizer import from_bytes
from msgspec import Struct
from shapely.geometry import shape

from parvis.cli.troubles import Unusable
from parvis_migration.rows import Row, Rows

MOST_OF_A_CELL = 1_000_000  # characters
MOST_OF_A_BOOK = 50_000_000  # cells from the first to the last, which the reader holds at once
MOST_UNPACKED = 2_000_000_000  # bytes
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
FRENCH = frozenset("éèêëàâäùûüîïôöçœæÉÈÊËÀÂÄÙÛÜÎÏÔÖÇŒÆ’«»–—…°\u00a0")
SAMPLE = 200_000  # bytes from which an encoding and a separator are found
ENCODINGS = ["cp1252", "cp850", "mac_roman"]  # what old systems of Québec write beside Unicode
SEPARATORS = ";,\t|"
BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LON, LAT = "geometry.lon", "geometry.lat"
LISTS = ("requests", "service_requests", "results", "data", "value", "items")  # where an API puts its rows


class Source(Struct, frozen=True, kw_only=True):
    """The rows of a file, each with its line there (the first row of data of a table stands on line 2)."""

    kind: str
    encoding: str = ""
    separator: str = ""
    columns: tuple[str, ...] = ()
    rows: Rows
    broken: tuple[tuple[int, str], ...] = ()  # lines that could not be read as rows, and why


def read_source(path: Path, *, encoding: str = "", separator: str = "", sheet: str = "") -> Source:
    """A file, read once: a table and JSON lines row by row, a workbook and other JSON whole."""
    try:
        return _read(path, encoding, separator, sheet)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as error:
        raise Unusable(f"{path.name} is cut short or damaged: {error}") from None
    except (RecursionError, ValueError) as error:
        raise Unusable(f"{path.name} cannot be read: {error}") from None


def _read(path: Path, encoding: str, separator: str, sheet: str) -> Source:
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(BOOKS):
        return _read_book(path, sheet)
    with bytes_of(path) as content:
        is_json = content.read(1) in (b"{", b"[")
    if name.endswith((".json", ".jsonl", ".ndjson", ".geojson")) or is_json:
        return _read_json(path)
    return _read_table(path, encoding, separator)


def bytes_of(path: Path) -> BinaryIO:
    """What stands in a file, unpacked."""
    return cast("BinaryIO", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def _read_table(path: Path, encoding: str, separator: str) -> Source:
    csv.field_size_limit(MOST_OF_A_CELL)
    encoding = encoding or encoding_of(path)
    broken: list[tuple[int, str]] = []
    try:
        with io.TextIOWrapper(bytes_of(path), encoding) as text:
            separator = separator or _separator_of(text.readline(SAMPLE))
        with io.TextIOWrapper(bytes_of(path), encoding, newline="") as text:
            reader = csv.reader(text, delimiter=separator, strict=True)
            columns = _named([name.strip() for name in next(reader, [])])
            rows = Rows(_table_rows(reader, columns, broken))
    except (UnicodeDecodeError, LookupError) as error:
        raise Unusable(f"the file cannot be read as {encoding}: {error}") from None
    return Source(kind="csv", encoding=encoding, separator=separator, columns=columns, rows=rows, broken=tuple(broken))


def _table_rows(reader: Any, columns: tuple[str, ...], broken: list[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    """A quotation mark that nobody closes would take the rows after it along: such a file is refused whole."""
    line = reader.line_num + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Unusable(f"the row that begins on line {line} cannot be read: {error}") from None
        if cells is None:
            return
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            broken.append((line, f"{len(cells)} cells, {len(columns)} columns"))
        elif any(cell.strip() for cell in cells):
            yield line, {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        line = reader.line_num + 1


def encoding_of(path: Path) -> str:
    """UTF-8 where it can be that; else what charset-normalizer takes for the likeliest of those in use here."""
    with bytes_of(path) as content:
        if content.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    try:
        with io.TextIOWrapper(bytes_of(path), "utf-8") as text:
            while text.read(SAMPLE):
                pass
    except UnicodeDecodeError:
        with bytes_of(path) as content:
            sample = _accented(content)
        likely = [
            each for each in ENCODINGS if _strange(sample, each) == min(_strange(sample, one) for one in ENCODINGS)
        ]
        best = from_bytes(sample, cp_isolation=likely).best() if len(likely) > 1 else None
        return best.encoding if best else likely[0]
    return "utf-8-sig"


def _strange(sample: bytes, encoding: str) -> int:
    """How many characters would be none that French is written with."""
    return sum(not each.isascii() and each not in FRENCH for each in sample.decode(encoding, "replace"))


def _accented(content: BinaryIO) -> bytes:
    """Lines in which the encoding shows, as many as are needed."""
    lines, size = [], 0
    for line in content:
        if not line.isascii():
            lines.append(line)
            size += len(line)
        if size >= SAMPLE:
            break
    return b"".join(lines)[:SAMPLE]


def _separator_of(first: str) -> str:
    try:
        return csv.Sniffer().sniff(first.rstrip("\r\n"), SEPARATORS).delimiter
    except csv.Error:
        return max(SEPARATORS, key=first.count)


def _read_book(path: Path, sheet: str) -> Source:
    from python_calamine import CalamineError, CalamineWorkbook

    if zipfile.is_zipfile(path):
        _judge_size(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        lines = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise Unusable(f"{path.name} cannot be read as a workbook: {error}") from None
    first = next((number for number, cells in enumerate(lines) if any(cells)), 0)
    columns = _named([_as_text(cell) for cell in lines[first]] if lines else [])
    rows = Rows(
        (number, dict(zip(columns, map(_as_text, cells), strict=False)))
        for number, cells in enumerate(lines[first + 1 :], start=first + 2)
        if any(cell != "" for cell in cells)
    )
    return Source(kind="workbook", columns=columns, rows=rows)


def _judge_size(path: Path) -> None:
    """Raises `Unusable` for what would not fit: far cells, or a little file that unpacks to a huge one."""
    with zipfile.ZipFile(path) as packed:
        if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
            raise Unusable(f"{path.name} unpacks to more than {MOST_UNPACKED // 10**9} GB")
        for name in packed.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                with packed.open(name) as sheet:
                    if _area(sheet) > MOST_OF_A_BOOK:
                        raise Unusable(f"{path.name} has a cell too far from the others: delete what is empty")


def _area(sheet: IO[bytes]) -> int:
    """Cells from the first to the last of a sheet of XLSX."""
    columns = rows = 0
    before = b""
    while part := sheet.read(SAMPLE):
        for letters, row in CELL.findall(before + part):
            column = reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)
            columns, rows = max(columns, column), max(rows, int(row))
        before = part[-40:]
    return columns * rows


def _read_json(path: Path) -> Source:
    encoding = encoding_of(path)
    with io.TextIOWrapper(bytes_of(path), encoding) as text:
        if _is_of_lines(text):
            return _read_json_lines(path, encoding)
        text.seek(0)
        try:
            whole = json.load(text)
        except json.JSONDecodeError:
            return _read_json_lines(path, encoding)
    kind = "json"
    if isinstance(whole, Mapping) and whole.get("type") == "FeatureCollection":
        kind, whole = "geojson", whole.get("features", [])
    elif isinstance(whole, Mapping):
        whole = next((whole[name] for name in LISTS if isinstance(whole.get(name), list)), [whole])
    return _of_objects(kind, enumerate(whole, start=1), [])


def _is_of_lines(text: Iterable[str]) -> bool:
    """Whether each of the first two lines is an object of its own."""
    first = list(islice((line for line in text if line.strip()), 2))
    try:
        return len(first) == 2 and all(isinstance(json.loads(line), Mapping) for line in first)
    except json.JSONDecodeError:
        return False


def _read_json_lines(path: Path, encoding: str) -> Source:
    broken: list[tuple[int, str]] = []
    with io.TextIOWrapper(bytes_of(path), encoding) as text:
        source = _of_objects("json lines", _json_lines(text, broken), broken)
    if not source.rows and len(source.broken) == len(broken):
        raise Unusable("the file is neither JSON nor JSON lines")
    return source


def _json_lines(text: Iterable[str], broken: list[tuple[int, str]]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text, start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                broken.append((number, str(error)))


def _of_objects(kind: str, objects: Iterable[tuple[int, Any]], broken: list[tuple[int, str]]) -> Source:
    columns: dict[str, None] = {}
    wrong: list[tuple[int, str]] = []
    rows = Rows(_object_rows(objects, columns, wrong))
    return Source(kind=kind, encoding="utf-8", columns=tuple(columns), rows=rows, broken=(*broken, *wrong))


def _object_rows(
    objects: Iterable[tuple[int, Any]], columns: dict[str, None], wrong: list[tuple[int, str]]
) -> Iterator[tuple[int, Row]]:
    for number, each in objects:
        if isinstance(each, Mapping):
            row = dict(_flat(_feature(each)))
            columns.update(dict.fromkeys(row))
            yield number, row
        else:
            wrong.append((number, "no object"))


def _feature(each: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of a feature of GeoJSON, with a point on its geometry; any other object as it is."""
    if each.get("type") != "Feature":
        return each
    properties = each.get("properties")
    row = {"id": each["id"]} if "id" in each else {}
    row |= properties if isinstance(properties, Mapping) else {}
    try:
        point = shape(each["geometry"]).representative_point() if each.get("geometry") else None
    except (ValueError, TypeError, AttributeError, KeyError):
        point = None
    return row if point is None or point.is_empty else row | {LON: point.x, LAT: point.y}


def _flat(value: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield from _flat(each, f"{within}{name}.")
        elif isinstance(each, list):
            yield f"{within}{name}", "\n".join(_as_text(one) for one in each)
        else:
            yield f"{within}{name}", _as_text(each)


def _as_text(value: Any) -> str:
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
    return str(value).strip().encode("utf-8", "replace").decode()  # JSON may hold half a character


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, each once: what has no name, or one that was there before, goes by its number."""
    names: list[str] = []
    for number, name in enumerate(header, start=1):
        free = (f"{name or 'column'} {each}".strip() for each in count(number))
        names.append(
            name if name and name not in names else next(each for each in free if each not in (*names, *header))
        )
    return tuple(names)
