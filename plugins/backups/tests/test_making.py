"""One verified set while the town works, or none at all."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db.tables import Attachment, ServiceRequest
from parvis.requests.attached.dropping import discard
from parvis.requests.attached.receiving import receive_file
from parvis_backups import making, operators, snapshots
from parvis_backups.contents import contents_of
from parvis_backups.sets import drop_older, place_of, sets_in
from parvis_backups.tables import BackupSet
from parvis_backups.verifying import verified
from parvis_sdk.file_stores import FilesAway

pytestmark = pytest.mark.both_engines


async def test_that_there_is_no_set_at_all_is_told_as_soon_as_there_is_a_folder_for_them(here, monkeypatch):
    async with here.opened() as deployment:
        room = SimpleNamespace(host=deployment.host)
        assert await operators.count(room) == 0
        monkeypatch.setattr(operators, "folder_of", lambda _: here.sets)
        assert await operators.count(room) == 1
        await here.back_up(deployment)
        assert await operators.count(room) == 0


async def test_what_is_acknowledged_before_is_in_it_and_no_row_is_without_its_file(here, elsewhere):
    async with here.opened() as deployment:
        acknowledged, filing = [], True

        async def file_requests():
            while filing:
                acknowledged.append((await here.submit(deployment, photo=True)).reference)

        residents = [asyncio.create_task(file_requests()) for _ in range(3)]
        while len(acknowledged) < 6:
            await asyncio.sleep(0.01)
        before = list(acknowledged)
        made = await here.back_up(deployment)
        filing = False
        await asyncio.gather(*residents)
    assert len(acknowledged) > len(before)
    assert len(before) <= made.manifest.counts["service_request"] <= len(acknowledged)
    assert made.manifest.missing == made.manifest.destroyed == ()
    assert verified(made.folder, secret=here.settings.secret).wrong == ()
    await elsewhere.restored(made.folder)
    async with elsewhere.opened() as deployment:
        there = {row["reference"] for row in await ServiceRequest.select(ServiceRequest.reference)}
        assert set(before) <= there <= set(acknowledged)
        for row in await Attachment.select(Attachment.digest, Attachment.small):
            for digest in (row["digest"], row["small"]):
                deployment.host.files.open(digest).close()


async def test_files_of_an_earlier_set_are_linked_unless_told_otherwise(here):
    async with here.opened() as deployment:
        await here.submit(deployment, photo=True)
        first = await here.back_up(deployment)
        await here.submit(deployment, photo=True)
        with clock.moved_to(clock.now()) as time:
            time.forward(hours=1)
            second = await here.back_up(deployment)
            time.forward(hours=1)
            third = await here.back_up(deployment, afresh=True)
    assert [each.manifest.linked for each in (first, second, third)] == [0, 2, 0]
    digest = next(iter(contents_of(first.folder)))
    inodes = [place_of(each.folder, digest).stat().st_ino for each in (first, second, third)]
    assert inodes[0] == inodes[1] != inodes[2]
    assert drop_older(here.sets, 1) == [first.folder.name, second.folder.name]
    assert sets_in(here.sets) == [third.folder]
    assert verified(third.folder, secret=here.settings.secret).wrong == ()


async def test_a_file_of_another_size_in_an_earlier_set_is_read_from_the_store(here):
    async with here.opened() as deployment:
        await here.submit(deployment, photo=True)
        first = await here.back_up(deployment)
        place_of(first.folder, next(iter(contents_of(first.folder)))).write_bytes(b"cut")
        with clock.moved_to(clock.now()) as time:
            time.forward(hours=1)
            second = await here.back_up(deployment)
    assert second.manifest.linked == 1
    assert verified(second.folder, secret=here.settings.secret).wrong == ()
    assert "1 of 2 files" in verified(first.folder, secret=here.settings.secret).wrong[0]


async def test_a_file_destroyed_between_the_snapshot_and_the_copy_is_named_and_no_error(here, monkeypatch):
    holder = "h" * 64
    async with here.opened() as deployment:
        await here.submit(deployment, photo=True)
        draft = await receive_file(deployment.host, holder, "photos", "trou.jpg", here.picture(99))

        copy = making.copy_contents
        loop = asyncio.get_running_loop()

        def first_discarded(*given):
            asyncio.run_coroutine_threadsafe(discard(deployment.host, holder, draft.id), loop).result()
            return copy(*given)

        monkeypatch.setattr(making, "copy_contents", first_discarded)
        made = await here.back_up(deployment)
    assert (made.manifest.files, len(made.manifest.destroyed), made.manifest.missing) == (2, 2, ())


async def test_a_file_that_the_store_lost_is_named_as_missing_and_the_rest_is_kept(here):
    async with here.opened() as deployment:
        await here.submit(deployment, photo=True)
        await here.submit(deployment, photo=True)
        lost = (await Attachment.select(Attachment.digest).first())["digest"]
        deployment.host.files._place(lost).unlink()
        made = await here.back_up(deployment)
        assert made.manifest.missing == (lost,)
        assert made.manifest.files == 3
        (told,) = await BackupSet.select()
        assert (told["missing"], told["files"], told["requests"]) == (1, 3, 2)


@pytest.mark.parametrize("step", ["named_in", "copy_contents", "settings_files", "write_manifest", "refuse_altered"])
async def test_a_backup_that_ends_midway_leaves_no_set_and_the_next_one_clears_up(here, monkeypatch, step):
    async with here.opened() as deployment:
        await here.submit(deployment, photo=True)

        def broken(*given, **more):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(making, step, broken)
            with pytest.raises(Unusable, match=r"No space left on device; no set was made"):
                await here.back_up(deployment)
        assert sets_in(here.sets) == []
        assert await BackupSet.count() == 0
        (here.sets / ".making-1").mkdir()  # of one that was killed
        await here.back_up(deployment)
        assert [each.name for each in here.sets.iterdir() if each.is_dir()] == [sets_in(here.sets)[0].name]


async def test_a_disk_without_room_is_told_before_anything_is_written(here, monkeypatch):
    async with here.opened() as deployment:
        usage = snapshots.shutil.disk_usage
        monkeypatch.setattr(snapshots.shutil, "disk_usage", lambda path: usage(path)._replace(free=3_000_000))
        with pytest.raises(Unusable, match=r"3 MB free, about 5\d MB are needed"):
            await here.back_up(deployment)
    assert sets_in(here.sets) == []


async def test_two_at_once_are_one(here):
    async with here.opened() as deployment:
        with making.one_at_a_time(here.sets), pytest.raises(Unusable, match="another backup is being made"):
            await here.back_up(deployment)


async def test_a_store_that_is_away_makes_no_set(here):
    async with here.opened() as deployment:
        await here.submit(deployment, photo=True)

        class Away:
            def open(self, digest):
                raise FilesAway("the bucket does not answer")

        with pytest.raises(Unusable, match="the bucket does not answer"):
            await here.back_up(replace(deployment, host=replace(deployment.host, files=Away())))
    assert sets_in(here.sets) == []
