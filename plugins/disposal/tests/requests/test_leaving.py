"""A town that leaves is handed over whole, then destroyed, and nothing of another town is touched."""

import hashlib
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.db.tables import Contact, ServiceRequest, Wish
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis_disposal import leaving
from parvis_disposal.leaving import archive_town, end_town
from parvis_disposal.register import register

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
WHY = "Fusion avec la ville voisine"
pytestmark = pytest.mark.both_engines


@pytest.fixture
def parvis(town):
    return town.host.jurisdictions.jurisdiction("parvis")


@pytest.fixture
def archived(town, parvis, tmp_path):
    async def make():
        return await archive_town(town.host, parvis, tmp_path / "set", print)

    return make


@pytest.fixture
def ended(town, parvis, tmp_path):
    async def end(*, with_open=True, without_files=False):
        given = {"actor": ANA, "reason": WHY, "with_open": with_open, "without_files": without_files}
        return await end_town(town.host, parvis, tmp_path / "set", **given, told=print)

    return end


def sums_hold(folder):
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    there = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()} - {"SHA256SUMS"}
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    return there == found


async def test_what_is_archived_is_destroyed_and_no_other_town_is_touched(town, archived, ended, tmp_path):
    elsewhere = (await town.submit()).reference
    async with transaction(town.host.engine):
        there = ServiceRequest.update({ServiceRequest.jurisdiction: "rivemont"})
        await there.where(ServiceRequest.reference == elsewhere)
    async with transaction(town.host.engine):
        for code in ("parvis", "rivemont"):
            wish = Wish(id=new_id(), jurisdiction=code, email="zoe@exemple.ca", language="fr", changed_at=clock.now())
            await Wish.insert(wish)
    opened, closed = (await town.submit()).reference, (await town.submit()).reference
    await make_move(town.host, closed, "resolve", {}, actor=ANA, mover="agent")
    made = await archived()
    assert (made.requests, made.written, made.without_files) == (2, 2, ())
    late = (await town.submit()).reference
    with pytest.raises(Unusable, match=late):
        await ended()
    assert (await archived()).written == 1
    with ZipFile(tmp_path / "set" / "requests" / f"{closed}.v2.zip") as archive:
        told = json.loads(archive.read("donnees.json"))
    assert (told["reference"], told["contact"]["name"], len(told["history"])) == (closed, "Zoé Côté", 2)
    assert sums_hold(tmp_path / "set")
    with pytest.raises(Unusable, match="2 requests are open"):
        await ended(with_open=False)
    assert (await town.record(opened)).erased_at is None
    done = await ended()
    assert (done.destroyed, done.before, done.changed) == (3, 0, ())
    assert [(await town.record(each)).erased_at is not None for each in (opened, closed, late)] == [True] * 3
    assert (await town.record(elsewhere)).erased_at is None
    assert await Contact.count() == 1
    assert await Wish.select(Wish.jurisdiction).output(as_list=True) == ["rivemont"]
    lines = await register(clock.now() - timedelta(minutes=5), clock.now() + timedelta(minutes=5))
    assert {(line.reference, line.reason) for line in lines} == {(each, WHY) for each in (opened, closed, late)}


async def test_nobody_else_on_the_machine_reads_an_archive(town, archived, tmp_path):
    await town.submit()
    (tmp_path / "set").mkdir(mode=0o755)
    await archived()
    there = [tmp_path / "set", *(tmp_path / "set").rglob("*")]
    assert {each.stat().st_mode & 0o077 for each in there} == {0}
    assert (tmp_path / "set/settings/parvis").is_dir()


async def test_killed_in_the_middle_it_goes_on_and_keeps_what_was_archived(
    town, archived, ended, tmp_path, monkeypatch
):
    for _ in range(3):
        await town.submit()
    killed = iter([False, True])

    def kill(real):
        async def once(*given, **more):
            if next(killed):
                raise KeyboardInterrupt
            return await real(*given, **more)

        return once

    with monkeypatch.context() as patched:
        patched.setattr(leaving, "_write", kill(leaving._write))
        with pytest.raises(KeyboardInterrupt):
            await archived()
    with pytest.raises(Unusable, match="has no list"):
        await ended()
    (tmp_path / "set" / "requests" / "half.v1.zip.part").write_bytes(b"half")
    assert (await archived()).written == 2
    assert sums_hold(tmp_path / "set")
    before = sorted((tmp_path / "set" / "requests").iterdir())
    killed = iter([False, True])
    with monkeypatch.context() as patched:
        patched.setattr(leaving, "erase", kill(leaving.erase))
        with pytest.raises(KeyboardInterrupt):
            await ended()
    assert (await archived()).written == 0
    assert sorted((tmp_path / "set" / "requests").iterdir()) == before
    done = await ended()
    assert (done.destroyed, done.before) == (2, 1)
    done = await ended()
    assert (done.destroyed, done.before) == (0, 3)


async def test_an_altered_archive_one_of_another_town_and_a_request_that_has_changed_destroy_nothing(
    town, archived, ended, tmp_path
):
    reference = (await town.submit()).reference
    assert await erase(town.host, reference, actor=ANA, version=7) is None
    await archived()
    (archive,) = (tmp_path / "set" / "requests").iterdir()
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-1])
    with pytest.raises(Unusable, match="is not whole"):
        await ended()
    archive.write_bytes(whole)
    listing = tmp_path / "set" / "list.csv"
    listing.write_bytes(listing.read_bytes().replace(b".v1", b".v2").replace(b",1,", b",2,"))
    with pytest.raises(Unusable, match="was changed since"):
        await ended()
    rivemont = town.host.jurisdictions.jurisdiction("rivemont")
    with pytest.raises(Unusable, match="holds something else"):
        await archive_town(town.host, rivemont, tmp_path / "set", print)
    assert (await town.record(reference)).erased_at is None


async def test_what_is_damaged_is_written_again_and_refused_once_its_request_is_destroyed(
    town, archived, ended, tmp_path
):
    reference = (await town.submit()).reference
    await archived()
    (archive,) = (tmp_path / "set" / "requests").iterdir()
    for damaged in (b"", archive.read_bytes()[:-30]):
        archive.write_bytes(damaged)
        assert (await archived()).written == 1
        with ZipFile(archive) as whole:
            assert json.loads(whole.read("donnees.json"))["reference"] == reference
    (tmp_path / "set" / "list.csv").unlink()
    archive.write_bytes(b"")
    assert (await archived()).written == 1
    await ended()
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-1])
    with pytest.raises(Unusable, match="is damaged and its request destroyed"):
        await archived()
    archive.write_bytes(whole)
    assert (await archived()).written == 0


async def test_a_request_whose_files_are_not_in_the_archive_is_destroyed_only_where_that_is_said(
    town, archived, ended, tmp_path, monkeypatch
):
    reference = (await town.submit()).reference

    async def none_there(*_):
        return [], ["photo.jpg"]

    monkeypatch.setattr(leaving, "opened", none_there)
    assert (await archived()).without_files == (reference,)
    assert ",missing" in (tmp_path / "set" / "list.csv").read_text("utf-8")
    with pytest.raises(Unusable, match="--without-files"):
        await ended()
    assert (await town.record(reference)).erased_at is None
    assert (await ended(without_files=True)).destroyed == 1
    assert (await archived()).written == 0


async def test_while_messages_wait_to_be_sorted_nothing_is_destroyed(town, archived, ended, monkeypatch):
    reference = (await town.submit()).reference
    await archived()

    async def two(host, code):
        return {"/bureau/textos": 2} if code == "parvis" else {}

    with monkeypatch.context() as patched:
        patched.setattr(leaving, "count_unsorted", two)
        with pytest.raises(Unusable, match="2 messages stand on no request: sort those of /bureau/textos"):
            await ended()
    assert (await town.record(reference)).erased_at is None
    assert (await ended()).destroyed == 1


async def test_killed_before_its_settings_are_there_it_begins_again(town, archived, monkeypatch):
    await town.submit()

    def kill(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(leaving, "_copy_settings", kill)
        with pytest.raises(KeyboardInterrupt):
            await archived()
    assert (await archived()).written == 1
