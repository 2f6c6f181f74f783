"""`parvis geodata` as operators run it, on extracts of real files."""

import json
import shutil

import pytest

from parvis.example_towns import town_folder
from parvis_testing.commands import said_in_a_sentence

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # processes of their own
TOWN = ("--town", "parvis")


@pytest.fixture
def territory(tmp_path, environ):
    """A copy of the example towns, to be changed."""
    folder = tmp_path / "territory"
    shutil.copytree(town_folder(), folder)
    environ["PARVIS_TERRITORY"] = str(folder)
    return folder


@pytest.fixture
def on(command, territory, database):
    command("modules", "on", "geodata", *TOWN, "--reason", "Tests")


@pytest.mark.parametrize("form", ["arrondissements.zip", "arrondissements.gpkg"])
@pytest.mark.usefixtures("on")
def test_zones_are_looked_at_tried_taken_and_undone(command, territory, files, tmp_path, form):
    file, mapping, report = str(files / form), tmp_path / "zones.toml", tmp_path / "report.csv"
    zones = territory / "parvis/zones.geojson"
    before = zones.read_bytes()
    looked = command("geodata", "look", file, *TOWN, "--as", "zones", "--out", str(mapping))
    assert (looked.returncode, looked.stdout) == (0, ""), looked.stderr
    written = mapping.read_text("utf-8")
    assert 'code = "CODEMAMROT"' in written
    assert '= "plateau"  # Le Plateau-Mont-Royal: here Le Plateau-Mont-Royal' in written
    assert "EPSG:2950, NAD83(CSRS) / MTM zone 8; 5 of 6 points in the town" in written
    words = (file, *TOWN, "--mapping", str(mapping), "--language", "en")
    tried = command("geodata", "try", *words, "--report", str(report))
    assert tried.returncode == 3, tried.stderr
    assert tried.stdout.startswith("6 rows read, 6 accounted for\n         5 taken\n         1 refused\n")
    assert len({line.partition(",")[0] for line in report.read_text("utf-8").splitlines()[1:]} - {""}) == 6
    assert command("geodata", "take", *words, "--by", "Henri Roy").returncode == 3
    assert zones.read_bytes() == before
    taken = command("geodata", "take", *words, "--by", "Henri Roy", "--without-refused")
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "version 2 of zones is in force: 5 rows" in taken.stdout
    codes = {each["properties"]["code"] for each in json.loads(zones.read_text("utf-8"))["features"]}
    assert codes == {"plateau", "outremont", "rosemont", "ville-marie", "villeray"}
    assert "5 zones" in command("settings").stdout
    listed = command("geodata", "versions", *TOWN, "--of", "zones").stdout.splitlines()
    assert listed[1].endswith(f"by Henri Roy, 5 rows of {form}; in force")
    undone = command("geodata", "undo", *TOWN, "--of", "zones", "--by", "Zoé Blais")
    assert undone.stdout.startswith("version 2 of zones is undone, version 1 is in force")
    assert zones.read_bytes() == before


@pytest.mark.usefixtures("on")
def test_assets_places_and_addresses_come_from_their_files(command, territory, files, tmp_path):
    (territory / "parvis/aliases.csv").unlink()  # of streets that the extract does not have
    for name, subject, file, rows in (
        ("installations.geojson", "assets/equipment", "equipment.geojson", 15),
        ("lieux.csv", "places", "places.csv", 15),
        ("lieux.csv", "addresses", "addresses.csv", 15),
    ):
        mapping = tmp_path / f"{file}.toml"
        looked = command("geodata", "look", str(files / name), *TOWN, "--as", subject, "--out", str(mapping))
        assert (looked.returncode, "to decide" in looked.stderr) == (0, False), looked.stderr
        words = (str(files / name), *TOWN, "--mapping", str(mapping), "--language", "en", "--without-refused")
        taken = command("geodata", "take", *words, "--by", "Henri Roy")
        assert taken.returncode == 0, taken.stdout + taken.stderr
        assert f"version 2 of {subject} is in force: {rows} rows" in taken.stdout
        assert "2 refused" in taken.stdout  # those of another borough
    assert "Centre culturel Calixa-Lavallée" in (territory / "parvis/places.csv").read_text("utf-8")
    assert "1033,Rue Rachel Est,H2J 2J5," in (territory / "parvis/addresses.csv").read_text("utf-8")
    assert command("settings").returncode == 0


def test_what_cannot_be_meant_is_said_in_a_sentence(command, territory, files, tmp_path):
    zip_file, mapping = str(files / "arrondissements.zip"), tmp_path / "m.toml"
    off = command("geodata", "look", zip_file, *TOWN, "--as", "zones")
    assert "the module is off in parvis" in said_in_a_sentence(off)
    command("modules", "on", "geodata", *TOWN, "--reason", "Tests")
    wrong = command("geodata", "look", zip_file, *TOWN, "--as", "roads")
    assert "'roads' is none of zones, places, addresses" in said_in_a_sentence(wrong)
    mapping.write_text('subject = "zones"\nprojection = "MTM88"\n[columns]\ncode = "NON"\nname = "NOM"\n', "utf-8")
    unknown = said_in_a_sentence(command("geodata", "try", zip_file, *TOWN, "--mapping", str(mapping)))
    assert "'MTM88' is no projection" in unknown
    mapping.write_text('subject = "zones"\n[columns]\ncode = "NON"\nname = "NOM"\n', "utf-8")
    unfit = said_in_a_sentence(command("geodata", "try", zip_file, *TOWN, "--mapping", str(mapping)))
    assert "the file has no column 'NON'" in unfit
    mapping.write_text('subject = "zones"\ncolums = 1\n', "utf-8")
    assert "colums" in said_in_a_sentence(command("geodata", "try", zip_file, *TOWN, "--mapping", str(mapping)))
    assert "nothing to undo" in said_in_a_sentence(
        command("geodata", "undo", *TOWN, "--of", "zones", "--by", "Zoé Blais")
    )
