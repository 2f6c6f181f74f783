"""Reading a workbook (XLSX, XLSM, XLSB, XLS, ODS): the cells of a sheet, and what of it a table does not show."""

import gzip
import posixpath
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError, ParserCreate

from msgspec import Struct
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from parvis_migration.refusals import refused
from parvis_sdk.text import Text

MOST_OF_A_BOOK = 50_000_000  # cells from the first to the last, which the reader holds at once
MOST_UNPACKED = 2_000_000_000  # bytes
AT_ONCE = 200_000  # bytes
NAMED = 10  # cells that are named, of those that are counted
ABOVE = 20  # rows, among which the names of columns are looked for
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
AN_OLD_BOOK, ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
OTHERS = Text(
    fr="feuille lue\u00a0: {sheet}; non lues\u00a0: {others} (--sheet en choisit une)",
    en="sheet that is read: {sheet}; not read: {others} (--sheet chooses one)",
)
ERRORS = Text(
    fr="cellules en erreur (#N/A, #REF!…), lues comme vides\u00a0: {number} ({cells})",
    en="cells with an error (#N/A, #REF! …), read as empty: {number} ({cells})",
)
NO_VALUES = Text(
    fr="formules sans résultat enregistré, lues comme vides\u00a0: {number} ({cells}); enregistrez le classeur dans un "
    "tableur",
    en="formulas without a stored result, read as empty: {number} ({cells}); save the workbook in a spreadsheet",
)
MERGED = Text(
    fr="cellules fusionnées\u00a0: {number} ({cells}); seule la première de chacune a une valeur",
    en="merged cells: {number} ({cells}); only the first of each has a value",
)
LEFT_ABOVE = Text(
    fr="lignes au-dessus des titres de colonnes, non lues\u00a0: {number}",
    en="rows above the titles of columns, not read: {number}",
)


class Book(Struct, frozen=True, kw_only=True):
    """The rows of a sheet, as wide as it; `first` is the place of the titles among them, `told` what is not in them."""

    lines: list[list[Any]]
    first: int
    told: tuple[Text, ...]


def read_book(path: Path, named: str) -> Book:
    """A sheet, by its name; the first that is not hidden where none is named."""
    try:
        with _unpacked(path) as file:
            return _read(path, file, named)
    except (CalamineError, ExpatError, ET.ParseError, KeyError, OSError) as error:
        raise refused(
            "{file} ne peut pas être lu comme classeur\u00a0: {error}",
            "{file} cannot be read as a workbook: {error}",
            file=path.name,
            error=error,
        ) from None


def _read(path: Path, file: IO[bytes], named: str) -> Book:
    if file.read(len(AN_OLD_BOOK)) == AN_OLD_BOOK and ENCRYPTED in file.read(AT_ONCE):
        raise refused(
            "{file} est protégé par un mot de passe\u00a0: enregistrez-le sans",
            "{file} is protected by a password: save it without one",
            file=path.name,
        )
    file.seek(0)
    packed = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
    if packed and sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
        raise refused(
            "{file} dépasse {most} Go une fois décompressé",
            "{file} unpacks to more than {most} GB",
            file=path.name,
            most=MOST_UNPACKED // 10**9,
        )
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    chosen = _chosen(path, book, named)
    cells = _judged(path, packed, chosen)
    sheet = book.get_sheet_by_name(chosen)
    lines = sheet.to_python(skip_empty_area=False)
    first = _titles_in(lines)
    return Book(lines=lines, first=first, told=(*_others(book, chosen), *_told(lines, first, cells, sheet)))


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    """The file itself, or what a `.gz` of it holds."""
    if path.suffix.lower() != ".gz":
        with path.open("rb") as file:
            yield file
        return
    with gzip.open(path) as packed, tempfile.TemporaryFile() as file:
        while (part := packed.read(AT_ONCE)) and file.tell() < MOST_UNPACKED:
            file.write(part)
        file.seek(0)
        yield file


def _chosen(path: Path, book: CalamineWorkbook, named: str) -> str:
    if named and named not in book.sheet_names:
        raise refused(
            "{file} n’a pas de feuille «\u00a0{sheet}\u00a0»; il a\u00a0: {others}",
            "{file} has no sheet “{sheet}”; it has: {others}",
            file=path.name,
            sheet=named,
            others=", ".join(book.sheet_names),
        )
    tables = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    shown = [each.name for each in tables if each.visible == SheetVisibleEnum.Visible]
    return named or next(iter((*shown, *(each.name for each in tables), *book.sheet_names)))


def _others(book: CalamineWorkbook, chosen: str) -> Iterator[Text]:
    others = [each for each in book.sheet_names if each != chosen]
    if others:
        yield OTHERS.format(sheet=chosen, others=", ".join(others))


def _titles_in(lines: Sequence[Sequence[Any]]) -> int:
    """The place of the names of columns: the first row with several, below a title that stands alone."""
    several = (place for place, cells in enumerate(lines[:ABOVE]) if sum(cell != "" for cell in cells) > 1)
    return next(several, next((place for place, cells in enumerate(lines) if any(cells)), 0))


class _Cells:
    """What the XML of a sheet of XLSX says of its cells: how far they reach, and which have no value to be read."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.without_value: list[str] = []
        self.rows = self.columns = self._row = self._column = 0
        self._at = self._kind = ""
        self._has_formula = self._has_value = False
        self._parser = ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._begin, self._end

    def read(self, file: IO[bytes]) -> "_Cells":
        """All of it, unless it reaches too far."""
        while (part := file.read(AT_ONCE)) and not self.is_too_far:
            self._parser.Parse(part)
        return self

    @property
    def is_too_far(self) -> bool:
        return self.rows * self.columns > MOST_OF_A_BOOK

    def _begin(self, name: str, given: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row, self._column = int(given.get("r") or self._row + 1), 0
            case "c":
                self._at, self._kind = given.get("r", ""), given.get("t", "")
                self._has_formula = self._has_value = False
                found = REFERENCE.fullmatch(self._at)
                self._column = _number_of(found[1]) if found else self._column + 1
                self.columns = max(self.columns, self._column)
                self.rows = max(self.rows, int(found[2]) if found else self._row)
            case "f":
                self._has_formula = True
            case "v":
                self._parser.CharacterDataHandler = self._valued

    def _valued(self, words: str) -> None:
        self._has_value = True

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self._parser.CharacterDataHandler = None
            case "c" if self._kind == "e":
                self.errors.append(self._at)
            case "c" if self._has_formula and not self._has_value and self._kind != "str":
                self.without_value.append(self._at)


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _judged(path: Path, packed: zipfile.ZipFile | None, chosen: str) -> _Cells:
    """What is known of the cells of a sheet of XLSX; refuses one with a cell so far that the rest would not fit."""
    cells = _Cells()
    main = _main_part(packed) if packed else ""
    if packed is None or not main.endswith(".xml"):
        return cells
    with packed.open(_part_of(packed, main, chosen)) as sheet:
        cells.read(sheet)
    if cells.is_too_far:
        raise refused(
            "{file} a une cellule trop loin des autres\u00a0: supprimez ce qui est vide",
            "{file} has a cell too far from the others: delete what is empty",
            file=path.name,
        )
    return cells


def _main_part(packed: zipfile.ZipFile) -> str:
    """The name in the archive of the list of sheets; empty where the archive is none of XLSX."""
    if "_rels/.rels" not in packed.namelist():
        return ""
    targets = _targets(packed, "_rels/.rels", "")
    return next((target for kind, target in targets.values() if kind.endswith("/officeDocument")), "")


def _part_of(packed: zipfile.ZipFile, main: str, sheet: str) -> str:
    """The name in the archive of the XML of a sheet."""
    sheets = ET.fromstring(packed.read(main)).iterfind(".//{*}sheet")  # noqa: S314 - expat bounds entities
    folder, slash, name = main.rpartition("/")
    ties = _targets(packed, f"{folder}{slash}_rels/{name}.rels", f"{folder}{slash}")
    [tie] = [
        value for each in sheets if each.get("name") == sheet for name, value in each.items() if name.endswith("}id")
    ]
    return ties[tie][1]


def _targets(packed: zipfile.ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """What a part is tied to, by the names that it gives: the type and the name in the archive of each."""
    ties = ET.fromstring(packed.read(part))  # noqa: S314
    return {
        each.get("Id", ""): (each.get("Type", ""), posixpath.normpath(posixpath.join("/", folder, target))[1:])
        for each in ties
        if (target := each.get("Target", "")) and each.get("TargetMode") != "External"
    }


def _told(lines: Sequence[Sequence[Any]], first: int, cells: _Cells, sheet: CalamineSheet) -> Iterator[Text]:
    above = sum(any(cell != "" for cell in line) for line in lines[:first])
    if above:
        yield LEFT_ABOVE.format(number=above)
    for words, found in ((ERRORS, cells.errors), (NO_VALUES, cells.without_value), (MERGED, _merged(sheet, first))):
        if found:
            named = ", ".join(found[:NAMED]) + (" …" if len(found) > NAMED else "")
            yield words.format(number=len(found), cells=named)


def _merged(sheet: CalamineSheet, first: int) -> list[str]:
    """Ranges of cells below the titles that are one."""
    ranges = sheet.merged_cell_ranges or ()
    return [f"{_cell(*begin)}:{_cell(*end)}" for begin, end in ranges if end[0] > first]


def _cell(row: int, column: int) -> str:
    letters, left = "", column + 1
    while left:
        left, last = divmod(left - 1, 26)
        letters = chr(ord("A") + last) + letters
    return f"{letters}{row + 1}"
