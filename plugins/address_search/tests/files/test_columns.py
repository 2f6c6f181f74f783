"""The addresses of a large town are taken apart once; every process maps what was kept, and finds the same."""

import csv

import pytest

from parvis.jurisdictions.reading import Findings
from parvis_address_search import columns, reading
from parvis_address_search.columns import SomeTexts, Texts, columns_of, place_of
from parvis_address_search.reading import read_houses

ROWS = (
    ("4563", "Rue Saint-Urbain", "H2W1V6", "Café"),
    ("1460-B", "Rue Rachel Est", "", ""),
    ("12-18", "Rue Rachel Est", "H2J 2K1", ""),
)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A town that counts as large, and a folder for what is kept."""
    monkeypatch.setattr(reading, "LARGE", 10)
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "kept"))
    with (tmp_path / "addresses.csv").open("w", newline="") as written:
        lines = csv.writer(written)
        lines.writerow(("number", "street", "postal_code", "place", "lon", "lat"))
        lines.writerows((*row, -73.58 - at / 100, 45.52) for at, row in enumerate(ROWS))
    return tmp_path / "addresses.csv"


def test_what_was_kept_is_mapped_and_is_the_same(file, monkeypatch):
    made = [*read_houses(Findings(file.parent), file)]
    monkeypatch.setattr(reading, "read_addresses", None)  # nobody takes the file apart again
    findings = Findings(file.parent)
    mapped = read_houses(findings, file)
    assert [*mapped] == made
    assert [each.number for each in made] == ["4563", "1460-B", "12-18"]
    assert (made[0].postal_code, made[0].place, mapped.letter(1)) == ("H2W 1V6", "Café", "b")
    assert mapped.lon.base is not None, "a view of the file"
    assert file in findings.opened


def test_another_file_is_taken_apart_anew_and_half_of_one_too(file):
    read_houses(Findings(file.parent), file)
    (kept,) = (file.parent / "kept/parvis-addresses").iterdir()
    (kept / "lon.npy").write_bytes(b"")
    assert len(read_houses(Findings(file.parent), file)) == 3
    file.write_text(file.read_text() + "7,Rue Rachel Est,,,-73.5,45.5\n")
    assert len(read_houses(Findings(file.parent), file)) == 4
    assert columns_of(place_of(file))


def test_a_file_that_is_replaced_while_it_is_read_is_not_kept_as_the_one_that_came(file, monkeypatch):
    read = reading.read_addresses

    def read_and_replace(findings, path):
        yield from read(findings, path)
        path.write_text(path.read_text() + "7,Rue Rachel Est,,,-73.5,45.5\n")

    monkeypatch.setattr(reading, "read_addresses", read_and_replace)
    assert len(read_houses(Findings(file.parent), file)) == 3
    monkeypatch.setattr(reading, "read_addresses", read)
    assert len(read_houses(Findings(file.parent), file)) == 4


def test_what_a_cleaner_took_one_column_of_is_made_anew(file):
    read_houses(Findings(file.parent), file)
    lost = place_of(file) / "postal.npy"
    lost.unlink()
    assert len(read_houses(Findings(file.parent), file)) == 3
    assert lost.exists()


def test_a_file_with_a_mistake_is_never_kept(file):
    file.write_text(file.read_text() + "7,,,,-73.5,45.5\n")
    for _ in range(2):
        findings = Findings(file.parent)
        assert len(read_houses(findings, file)) == 3
        assert findings.mistakes
    assert not (file.parent / "kept").exists()


@pytest.mark.parametrize("folder", ["", "/proc/nowhere"])
def test_where_nothing_can_be_kept_it_is_read_each_time(file, folder, monkeypatch):
    for name in (*columns.VARIABLES, "HOME"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("CACHE_DIRECTORY", folder)
    assert len(read_houses(Findings(file.parent), file)) == 3
    assert columns_of(place_of(file)) is None


def test_what_belongs_to_another_user_is_not_believed(file, monkeypatch):
    read_houses(Findings(file.parent), file)
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert columns_of(place_of(file)) is None


def test_texts_are_found_by_their_place():
    some = SomeTexts.of({3: "a", 7: "", 9: "Hương"})
    assert [some.get(number) for number in (0, 3, 7, 9, 10)] == [None, "a", "", "Hương", None]
    assert [*Texts.of([]), *Texts.of(["", "é"])] == ["", "é"]
