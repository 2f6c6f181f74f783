"""A file of a town by versions: nothing that ever stood there is lost, and the names of zones stay with requests."""

import fcntl
import json
import os
import shutil
from itertools import count
from pathlib import Path

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


def killed_at(step, does):
    """Do something in a process that is gone, without any clearing up, at the step of that number; whether it was."""
    child = os.fork()
    if not child:
        steps = count(1)

        def counted(does):
            def gone(*given, **named):
                if next(steps) == step:
                    os._exit(9)
                return does(*given, **named)

            return gone

        os.fsync, Path.replace, Path.unlink = counted(os.fsync), counted(Path.replace), counted(Path.unlink)
        try:
            does()
            os._exit(0)
        finally:
            os._exit(1)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, 9)
    return ended == 9


@pytest.mark.parametrize("killed", ["take", "undo"])
def test_a_command_that_is_killed_at_any_step_is_finished_or_never_was(zones, tmp_path, killed):
    first, second = file_of("a", "b"), file_of("a", "c")
    zones.take(first, taken())
    if killed == "undo":
        zones.take(second, taken())
    saved = tmp_path / "saved"
    shutil.copytree(zones.town_folder, saved)
    for step in count(1):
        shutil.rmtree(zones.town_folder)
        shutil.copytree(saved, zones.town_folder)
        before = zones.path.read_bytes()
        does = (lambda: zones.take(second, taken())) if killed == "take" else (lambda: zones.undo("Zoé Blais"))
        if not killed_at(step, does):
            break
        assert zones.path.read_bytes() in (first, second)
        assert zones.versions()
        zones.finish()
        former = former_in(zones.town_folder)
        if zones.path.read_bytes() == before:
            assert former_names_of(before, former)
            does()
        assert zones.path.read_bytes() == (second if killed == "take" else first)
        assert former_names_of(zones.path.read_bytes(), former_in(zones.town_folder))
        assert [each.line.what for each in zones.versions()] == ["found", "taken"] + ["taken"] * (step > 0)
        assert zones.versions()[-1].is_in_force is (killed == "take")
        assert not list(zones.town_folder.rglob(".taking-*"))
        assert not zones.coming.exists()
    assert step > 6


def former_names_of(content, former):
    """Whether exactly those names are former of which no zone is drawn."""
    drawn = {each["properties"]["code"] for each in json.loads(content)["features"]}
    return not drawn & former.keys() and "outremont" in former and {"b", "c"} & former.keys() <= {"b", "c"} - drawn


def test_undo_after_a_killed_take_puts_nothing_in_force_that_never_was(zones):
    before = zones.path.read_bytes()
    zones._put, put = lambda content: (_ for _ in ()).throw(KeyboardInterrupt), zones._put
    with pytest.raises(KeyboardInterrupt):
        zones.take(file_of("a"), taken())
    zones._put = put
    assert zones.undo("Zoé Blais")[0].by == "Henri Roy"
    assert zones.path.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_line_that_was_cut_off_is_left_out_and_written_over(zones, cut):
    zones.take(file_of("a"), taken())
    whole = zones.journal.read_bytes()
    zones.journal.write_bytes(whole + whole.splitlines()[-1][:cut])
    assert len(zones.versions()) == 2
    zones.take(file_of("b"), taken())
    assert zones.journal.read_bytes().startswith(whole)
    assert [each.line.version for each in zones.versions()] == [1, 2, 3]
    zones.undo("Zoé Blais")
    assert zones.path.read_bytes() == file_of("a")


def test_a_line_that_lacks_only_its_end_counts(zones):
    zones.take(file_of("a"), taken())
    zones.journal.write_bytes(zones.journal.read_bytes().rstrip())
    zones.take(file_of("b"), taken())
    assert [each.line.version for each in zones.versions()] == [1, 2, 3]


def test_a_damaged_line_between_others_is_named(zones):
    zones.take(file_of("a"), taken())
    zones.journal.write_bytes(b"{broken\n" + zones.journal.read_bytes())
    with pytest.raises(Unusable, match=r"line 1 of .*journal\.jsonl cannot be read"):
        zones.versions()


def test_an_empty_file_of_places_has_its_titles():
    assert content_of(Subject(kind="places"), ()) == b"name,address,lon,lat\n"
