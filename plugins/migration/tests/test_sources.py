"""Files of other systems, whatever they are: encodings, separators, workbooks, three forms of JSON, dates, points."""

import gzip
import json
import zipfile

import pytest

from parvis.cli.troubles import Unusable
from parvis.sheets import Sheet, workbook
from parvis_migration.dates import is_day_first, read_moment
from parvis_migration.projections import in_degrees, likeliest
from parvis_migration.sources import LAT, LON, read_source

ROWS = [("17", "Nid-de-poule", "Réparé près de l'église"), ("18", "Éclairage", "À voir; plus tard\nle soir")]


def test_a_table_is_read_whatever_its_encoding_and_separator(tmp_path):
    lines = ["numéro;catégorie;détail", *(";".join(f'"{cell}"' for cell in row) for row in ROWS)]
    for encoding in (
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "cp1252",
        "cp850",
        "mac_roman",
    ):
        for separator in ";,\t|":
            file = tmp_path / "old.csv"
            text = "\r\n".join(line.replace('";"', f'"{separator}"') for line in lines[1:])
            file.write_bytes((lines[0].replace(";", separator) + "\r\n" + text).encode(encoding))
            source = read_source(file)
            assert source.columns == ("numéro", "catégorie", "détail"), (encoding, separator)
            read = [(line, tuple(cell.replace("\r\n", "\n") for cell in row.values())) for line, row in source.rows]
            assert read == [(2, ROWS[0]), (3, ROWS[1])], (encoding, separator)


def test_a_row_with_too_many_cells_is_told_by_its_line(tmp_path):
    file = tmp_path / "old.csv.gz"
    file.write_bytes(gzip.compress(b"a,b\n1,2\n\n3,4,5\n6\n"))
    source = read_source(file)
    assert [line for line, _ in source.rows] == [2, 5]
    [(broken, why)] = source.broken
    assert (broken, why.fr, why.en) == (4, "3 cellules, 2 colonnes", "3 cells, 2 columns")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("open_quote.csv", b'a;b\n1;"four inches\n2;x\n3;y\n'),
        ("one_cell.csv", b"a;b\n1;" + b"x" * 1_000_001),
        ("cut.csv.gz", gzip.compress(b"a;b\n1;2\n" * 9, mtime=0)[:20]),
        ("no_gzip.csv.gz", b"a;b\n1;2\n"),
        ("deep.json", b"[" * 100_000),
        ("digits.json", b'[{"a": ' + b"1" * 5_001 + b"}]"),
    ],
)
def test_a_file_that_is_broken_is_refused_in_a_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unusable):
        read_source(tmp_path / name)


def test_a_line_of_json_that_cannot_be_read_keeps_no_other_out(tmp_path):
    bad = ('{"a": ' + "1" * 5_001 + "}", '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"a": 4, "b')
    (tmp_path / "old.jsonl").write_text("\n".join(('{"a": 1}', *bad, '{"a": 5}')), "utf-8")
    source = read_source(tmp_path / "old.jsonl")
    assert [(line, row["a"]) for line, row in source.rows] == [(1, "1"), (5, "5")]
    assert [line for line, _ in source.broken] == [2, 3, 4]


def test_a_shape_that_is_none_keeps_its_row(tmp_path):
    unclosed = {"type": "Polygon", "coordinates": [[[-73.58, 45.53], [-73.57, 45.53]]]}
    shapes = [
        *({"type": "Foo", "coordinates": []}, unclosed, {"type": "Point"}, {"type": "Point", "coordinates": ["a", 1]}),
        *("POINT (1 2)", None, {"type": "Point", "coordinates": [-73.58, 45.53, 12.5]}),
    ]
    features = [{"type": "Feature", "id": n, "properties": None, "geometry": each} for n, each in enumerate(shapes)]
    (tmp_path / "old.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    rows = [row for _, row in read_source(tmp_path / "old.geojson").rows]
    assert [row["id"] for row in rows] == list("0123456")
    assert [row.get(LON, "") for row in rows] == [""] * 6 + ["-73.58"]


def test_what_no_database_takes_is_left_out_of_a_cell(tmp_path):
    (tmp_path / "old.csv").write_bytes(b"a;b\nP\x00-1;\x07 2\n")
    (tmp_path / "old.json").write_text('[{"a": "P\\u0000-1", "b": "2\\u202e"}]', "utf-8")
    for name in ("old.csv", "old.json"):
        assert [row for _, row in read_source(tmp_path / name).rows] == [{"a": "P-1", "b": "2"}]


def test_a_row_that_swallows_others_is_named(tmp_path):
    (tmp_path / "old.csv").write_bytes(b'a;b\n1;x\n2;"four inches\n3;y\n')
    with pytest.raises(Unusable, match="begins on line 3"):
        read_source(tmp_path / "old.csv")


def test_a_workbook_with_a_cell_far_away_is_refused_before_it_is_held(tmp_path):
    for far in ('<c r="XFD1048576"><v>1</v></c>', "<c s='1' r='XFD1048576'><v>1</v></c>", "<c/>" * 100_000):
        file = book(tmp_path / "far.xlsx", f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{far}</row>')
        with pytest.raises(Unusable, match="too far"):
            read_source(file)


SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(file, *rows, hidden=0, more=""):
    """A workbook with a sheet for each of these rows, the first of them hidden."""
    states = ("visible", "hidden")
    names = [f"F{number}" for number in range(1, len(rows) + 1)]
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}" state="{states[number <= hidden]}"/>'
        for number, name in enumerate(names, start=1)
    )
    ties = "".join(
        f'<Relationship Id="r{number}" Type="{TIES}/worksheet" Target="worksheets/{name}.xml"/>'
        for number, name in enumerate(names, start=1)
    )
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{SHEETS}" xmlns:r="{TIES}"><sheets>{sheets}</sheets></workbook>'
        )
        of_packages = "http://schemas.openxmlformats.org/package/2006/relationships"
        main = f'<Relationship Id="r1" Type="{TIES}/officeDocument" Target="xl/workbook.xml"/>'
        packed.writestr("_rels/.rels", f'<Relationships xmlns="{of_packages}">{main}</Relationships>')
        packed.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{of_packages}">{ties}</Relationships>')
        for name, each in zip(names, rows, strict=True):
            packed.writestr(
                f"xl/worksheets/{name}.xml",
                f'<worksheet xmlns="{SHEETS}"><sheetData>{each}</sheetData>{more}</worksheet>',
            )
    return file


def row(number, *cells):
    """A row of words; what is markup already stands as it is."""
    written = "".join(
        cell if cell.startswith("<") else f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip("ABCDEFG", cells, strict=False)
        if cell
    )
    return f'<row r="{number}">{written}</row>'


def test_cells_without_a_value_to_be_read_are_told(tmp_path):
    file = book(
        tmp_path / "old.xlsx",
        row(1, "No", "Type", "Jours", "Mots")
        + row(2, "1", '<c r="B2" t="e"><v>#N/A</v></c>', '<c r="C2"><f>A2+1</f><v></v></c>', '<c r="D2"><f>A2</f></c>')
        + row(3, "2", "Trou", '<c r="C3"><f>A2+1</f><v>7</v></c>', '<c r="D3" t="str"><f>B9</f><v></v></c>'),
    )
    source = read_source(file)
    assert [dict(each) for _, each in source.rows] == [
        {"No": "1", "Type": "", "Jours": "", "Mots": ""},
        {"No": "2", "Type": "Trou", "Jours": "7", "Mots": ""},
    ]
    assert [each.en for each in source.told] == [
        "cells with an error (#N/A, #REF! …), read as empty: 1 (B2)",
        "formulas without a stored result, read as empty: 2 (C2, D2); save the workbook in a spreadsheet",
    ]


def test_merged_cells_and_what_stands_above_the_titles_are_told(tmp_path):
    file = book(
        tmp_path / "old.xlsx",
        row(1, "Requêtes de 2019") + row(3, "No", "Type") + row(4, "1", "Trou") + row(5, "2"),
        more='<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="B4:B5"/></mergeCells>',
    )
    source = read_source(file)
    assert source.columns == ("No", "Type")
    assert [(line, each["Type"]) for line, each in source.rows] == [(4, "Trou"), (5, "")]
    assert [each.en for each in source.told] == [
        "rows above the titles of columns, not read: 1",
        "merged cells: 1 (B4:B5); only the first of each has a value",
    ]


def test_the_first_sheet_that_is_not_hidden_is_read_and_the_others_are_named(tmp_path):
    file = book(tmp_path / "old.xlsx", row(1, "liste", "x"), row(1, "No", "Type") + row(2, "1", "Trou"), hidden=1)
    source = read_source(file)
    assert source.columns == ("No", "Type")
    assert [each.en for each in source.told] == ["sheet that is read: F2; not read: F1 (--sheet chooses one)"]
    assert read_source(file, sheet="F1").columns == ("liste", "x")
    with pytest.raises(Unusable, match=r"no sheet “F9”; it has: F1, F2"):
        read_source(file, sheet="F9")


def test_a_file_by_a_wrong_name_is_read_for_what_it_is(tmp_path):
    right = book(tmp_path / "right.xlsx", row(1, "No", "Type") + row(2, "1", "Trou"))
    renamed, packed = tmp_path / "old.xls", tmp_path / "right.xlsx.gz"
    renamed.write_bytes(right.read_bytes())
    packed.write_bytes(gzip.compress(right.read_bytes()))
    text = tmp_path / "text.xls"
    text.write_text("No\tType\n1\tTrou\n", "cp1252")
    for file in (renamed, packed, text):
        assert [dict(each) for _, each in read_source(file).rows] == [{"No": "1", "Type": "Trou"}]
    for content in ("<html><table><tr><td>1</td></tr></table></html>", '<?xml version="1.0"?><Workbook/>'):
        text.write_text(content, "utf-8")
        with pytest.raises(Unusable, match="HTML page or XML"):
            read_source(text)
    renamed.write_bytes(b"\x00\x01\x02 no book")
    with pytest.raises(Unusable, match="cannot be read as a workbook"):
        read_source(renamed)


def test_a_workbook_with_a_password_is_refused_in_words(tmp_path):
    """As MS-OFFCRYPTO has it: a compound file whose directory names the encrypted package."""
    file = tmp_path / "old.xlsx"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1024, b"\0") + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(Unusable, match="protected by a password"):
        read_source(file)


def test_a_table_that_names_its_separator_is_read_with_it(tmp_path):
    (tmp_path / "old.csv").write_bytes("\ufeffsep=;\r\nNo;Mots\r\n1;a,b,c,d\r\n".encode())
    source = read_source(tmp_path / "old.csv")
    assert (source.separator, source.columns) == (";", ("No", "Mots"))
    assert list(source.rows) == [(3, {"No": "1", "Mots": "a,b,c,d"})]


def test_a_few_words_of_french_are_enough_to_tell_windows_from_dos(tmp_path):
    for encoding in ("cp1252", "cp850"):
        (tmp_path / "old.csv").write_bytes("Numéro;Détail\n1;À côté de l'école\n".encode(encoding))
        assert read_source(tmp_path / "old.csv").encoding == encoding


def test_columns_of_one_name_go_by_their_number(tmp_path):
    (tmp_path / "old.csv").write_bytes(b"No;No 3;No\n1;2;3\n")
    assert read_source(tmp_path / "old.csv").columns == ("No", "No 3", "No 4")


def test_a_workbook_is_read_as_a_table(tmp_path):
    file = tmp_path / "old.xlsx"
    cells = [["17", 3, "Trou"], ["18", 2.5, ""]]
    file.write_bytes(workbook([Sheet(name="Requêtes", headings=("numéro", "jours", "mots"), rows=cells)], "old"))
    source = read_source(file)
    assert source.columns == ("numéro", "jours", "mots")
    assert [dict(row) for _, row in source.rows] == [
        {"numéro": "17", "jours": "3", "mots": "Trou"},
        {"numéro": "18", "jours": "2.5", "mots": ""},
    ]
    (tmp_path / "broken.xlsx").write_bytes(b"PK no book")
    with pytest.raises(Unusable, match=r"broken\.xlsx cannot be read"):
        read_source(tmp_path / "broken.xlsx")


def test_json_is_read_as_a_list_as_lines_and_as_features(tmp_path):
    one = {"id": 17, "place": {"street": "Rachel"}, "tags": ["a", "b"], "open": True, "none": None}
    flat = {"id": "17", "place.street": "Rachel", "tags": "a\nb", "open": "true", "none": ""}
    file = tmp_path / "old.json"
    for content in (json.dumps([one]), json.dumps({"requests": [one]}), json.dumps(one) + "\n"):
        file.write_text(content)
        assert [row for _, row in read_source(file).rows] == [flat]
    file.write_text(json.dumps(one) + "\n\nnothing\n" + json.dumps(one))
    source = read_source(file)
    assert [line for line, _ in source.rows] == [1, 4]
    assert [line for line, _ in source.broken] == [3]
    square = {"type": "Polygon", "coordinates": [[[-73.6, 45.5], [-73.4, 45.5], [-73.4, 45.7], [-73.6, 45.5]]]}
    feature = {"type": "Feature", "id": 4, "properties": {"kind": "x"}, "geometry": square}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, feature | {"geometry": None}]}))
    [(_, row), (_, without)] = read_source(file).rows
    assert (row["id"], row["kind"], without) == ("4", "x", {"id": "4", "kind": "x"})
    assert -73.6 < float(row[LON]) < -73.4
    assert 45.5 < float(row[LAT]) < 45.7


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2019-03-04", "2019-03-04T05:00"),
        ("2019-07-04 13:05", "2019-07-04T17:05"),
        ("2019-03-04T13:05:06Z", "2019-03-04T13:05:06"),
        ("2019-03-04T13:05:06+01:00", "2019-03-04T12:05:06"),
        ("04/03/2019", "2019-03-04T05:00"),
        ("4-3-19 8h05", "2019-03-04T13:05"),
        ("2019/03/04 08:05:00", "2019-03-04T13:05"),
        ("04.03.2019 8:05 PM", "2019-03-05T01:05"),
        ("lundi, 4 mars 2019 à 13 h 05", "2019-03-04T18:05"),
        ("1er février 2020", "2020-02-01T05:00"),
        ("March 4, 2019 1:05 p.m.", "2019-03-04T18:05"),
        ("4-Aug-2019", "2019-08-04T04:00"),
        ("20190304080500", "2019-03-04T13:05"),
        ("43528.5", "2019-03-04T17:00"),
        ("1551704700", "2019-03-04T13:05"),
        ("1551704700000", "2019-03-04T13:05"),
        ("2019-03", "2019-03-01T05:00"),
    ],
)
def test_a_moment_is_read_as_it_is_usually_written(typed, read):
    moment = read_moment(typed, "America/Toronto")
    assert moment is not None
    assert moment.isoformat() in (f"{read}:00+00:00", f"{read}+00:00")


def test_what_is_no_moment_is_none():
    for typed in (
        "",
        "hier",
        "31/02/2019",
        "N/A",
        "0000-00-00",
        "12",
        "2019-13-01",
        "04/03/0019",
        "04/03/9",
        "4/3/2019 13:05 -99",
    ):
        assert read_moment(typed, "America/Toronto") is None, typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("04/03/2019 13:05 EST", "2019-03-04T18:05"),
        ("04/03/2019 13:05 HAE", "2019-03-04T17:05"),
        ("4 mars 2019 13 h 05 (HNE)", "2019-03-04T18:05"),
        ("04/03/2019 1:05 PM edt", "2019-03-04T17:05"),
        ("2019-3-4 9:05 UTC", "2019-03-04T09:05"),
        ("Mon Mar  4 13:05:00 EST 2019", "2019-03-04T18:05"),
        ("Mon, 04 Mar 2019 13:05:00 -0500", "2019-03-04T18:05"),
        ("04/03/2019 13:05:00 GMT-5", "2019-03-04T18:05"),
        ("2019/03/04 13:05 +0530", "2019-03-04T07:35"),
    ],
)
def test_a_moment_that_names_its_zone_is_of_it(typed, read):
    assert read_moment(typed, "Europe/Paris").isoformat() == f"{read}:00+00:00"


def test_a_column_says_whether_its_days_come_first():
    assert not is_day_first(["03/04/2019 13:05 EST", "12/25/2019 13:05 EST"])
    assert is_day_first(["03/04/2019", "25/12/2019"])
    assert not is_day_first(["03/04/2019", "12/25/2019"])
    assert read_moment("03/04/2019", "UTC", day_first=False).month == 3


def test_points_of_the_usual_projections_lie_where_they_should(jurisdictions):
    town = jurisdictions.jurisdiction("parvis")
    lon, lat = in_degrees(299_000.0, 5_042_500.0, "MTM8")
    assert (round(lon, 2), round(lat, 2)) == (-73.57, 45.52)
    assert likeliest(town, [(299_000.0, 5_042_500.0)]) == "MTM8"
    assert likeliest(town, [(-73.57, 45.52)]) == "degrees"
    assert in_degrees(-73.57, 45.52, "EPSG:4326") == (-73.57, 45.52)


def test_rows_are_read_by_several_at_once_and_kept_whole(tmp_path):
    file = tmp_path / "old.json"
    long = "é" * 300_000
    file.write_text(json.dumps([{"id": number, "words": long} for number in range(3)] + [{"words": "\ud800"}]))
    rows = read_source(file).rows
    one, other = iter(rows), iter(rows)
    assert next(one) == next(other) == (1, {"id": "0", "words": long})
    assert [row.get("words") for _, row in one] == [long, long, "?"]
    assert len(list(other)) == 3
    assert len(rows) == 4


def test_a_number_of_thousands_of_digits_keeps_its_row_out_of_an_array_and_no_other(tmp_path):
    file = tmp_path / "old.json"
    file.write_text(f'[{{"no": 1}}, {{"no": 2, "at": {{"deep": [{"9" * 5_000}]}}}}, {{"no": 3}}, {"9" * 5_000}]')
    read = read_source(file)
    assert [row["no"] for _, row in read.rows] == ["1", "3"]
    assert [number for number, _ in read.broken] == [2, 4]
    assert "5000" in read.broken[0][1].to("fr")
