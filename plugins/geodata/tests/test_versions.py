"""A file of a town by versions: nothing that ever stood there is lost, and the names of zones stay with requests."""

import fcntl
import json

import pytest

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.jurisdictions.reading import Findings
from parvis.jurisdictions.zones import read_former_zones
from parvis_geodata.mapping import Subject
from parvis_geodata.town_files import content_of
from parvis_geodata.versions import Line, VersionedFile

ZONES = Subject(kind="zones")


@pytest.fixture
def zones(town_files):
    return VersionedFile(town_files, ZONES, "zones.geojson")


def file_of(*codes):
    features = [
        {"type": "Feature", "properties": {"code": code, "name": f"Secteur {code}"}, "geometry": None} for code in codes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def taken(by="Henri Roy"):
    return Line(what="taken", version=0, at=clock.now(), by=by, rows=2)


def former_in(folder):
    findings = Findings(folder.parent)
    found = read_former_zones(findings.optional(folder / "former_zones.toml"))
    assert not findings.mistakes
    return {zone.code: (zone.name.fr, zone.name.en) for zone in found}


def test_what_was_there_before_is_the_first_version_and_comes_back_by_undo(zones):
    before = zones.path.read_bytes()
    zones.take(file_of("a", "b"), taken())
    assert [(each.line.version, each.line.what, each.is_in_force) for each in zones.versions()] == [
        (1, "found", False),
        (2, "taken", True),
    ]
    last, stands = zones.undo("Zoé Blais")
    assert (last.version, stands.version, zones.path.read_bytes()) == (2, 1, before)
    assert zones.versions()[1].undone.by == "Zoé Blais"
    with pytest.raises(Unusable, match="nothing to undo"):
        zones.undo("Zoé Blais")


def test_what_somebody_wrote_by_hand_becomes_a_version_too(zones):
    zones.take(file_of("a"), taken())
    zones.path.write_bytes(file_of("by-hand"))
    assert not any(each.is_in_force for each in zones.versions())
    zones.take(file_of("b"), taken())
    zones.undo("Zoé Blais")
    assert zones.path.read_bytes() == file_of("by-hand")
    zones.undo("Zoé Blais")
    assert zones.path.read_bytes() == file_of("a")


def test_a_file_that_was_not_there_is_gone_again_after_undo(town_files):
    places = VersionedFile(town_files, Subject(kind="assets", layer="bins"), "bins.geojson")
    places.take(b"{}", taken())
    places.undo("Zoé Blais")
    assert not places.path.exists()


def test_requests_keep_the_names_of_zones_that_are_no_longer_drawn(zones, town_files):
    zones.take(file_of("plateau", "b"), taken())
    gone = former_in(town_files)
    assert gone["outremont"] == ("Outremont", "Outremont")
    assert "plateau" not in gone
    zones.undo("Zoé Blais")
    assert former_in(town_files) == {"b": ("Secteur b", "Secteur b")}


def test_the_same_file_is_not_taken_twice(zones):
    zones.take(file_of("a"), taken())
    with pytest.raises(Unusable, match="already so"):
        zones.take(file_of("a"), taken())


def test_a_version_that_somebody_changed_is_not_put_back(zones):
    before = zones.path.read_bytes()
    zones.take(file_of("a"), taken())
    [kept] = [each for each in zones.folder.iterdir() if each.is_file() and each.read_bytes() == before]
    kept.write_bytes(b"{}")
    with pytest.raises(Unusable, match="was changed since"):
        zones.undo("Zoé Blais")
    assert zones.path.read_bytes() == file_of("a")


def test_two_commands_at_once_do_not_mix(zones):
    zones.take(file_of("a"), taken())
    with (zones.folder / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Unusable, match="another command"):
            zones.undo("Zoé Blais")
    assert zones.path.read_bytes() == file_of("a")


def test_an_empty_file_of_places_has_its_titles():
    assert content_of(Subject(kind="places"), ()) == b"name,address,lon,lat\n"
