"""Contents move while the town works: each verified on arrival, none lost, none back that was destroyed."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.db.tables import Attachment, Chore
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.plugins.file_stores import MovingFiles
from parvis.requests.attached.receiving import receive_file
from parvis_file_moves import moving, only_move
from parvis_file_moves.moving import move_all
from parvis_file_moves.tables import OnTheWay
from parvis_file_moves.verifying import verify_all
from parvis_sdk.file_stores import FilesAway
from parvis_testing.commands import HANGS

SILENT = lambda words: None  # noqa: E731
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from parvis.deployment import open_deployment
from parvis.files import LocalFiles
from parvis.plugins.file_stores import MovingFiles
from parvis.settings import read_settings
from parvis_file_moves import moving
from dataclasses import replace
from parvis_testing.modules import only

step, count, at = sys.argv[2], 0, 4
before = getattr(moving, step)
def then(*given):
    global count
    count += 1
    if count == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return before(*given)
setattr(moving, step, then)
async def main():
    settings = read_settings(None, os.environ)
    async with open_deployment(settings, [], modules=only('file_moves')) as deployment:
        folder = Path(sys.argv[1])
        files = MovingFiles(LocalFiles(folder / "new"), LocalFiles(folder / "old"))
        await moving.move_all(replace(deployment.host, files=files), files, print)
asyncio.run(main())
"""


@pytest.fixture
def files(tmp_path):
    return MovingFiles(LocalFiles(tmp_path / "new"), LocalFiles(tmp_path / "old"))


@pytest.fixture
def before(town, files):
    """The host, which still keeps in the old folder."""
    return replace(town.host, files=files.source)


@pytest.fixture
def moved(town, files):
    """The same host once it keeps in the new one and looks in both."""
    return replace(town.host, files=files)


async def received(host, number: int) -> str:
    """A file, another one for each number; its digest."""
    content = f"Notes, page {number}".encode()
    kept = await receive_file(host, f"{number:064d}", "files", f"{number}.txt", content, kinds=("text/plain",))
    return kept.digest


async def erased(digest: str) -> None:
    """Its row goes, as when a request is erased: the contents are destroyed after that."""
    async with transaction(Attachment._meta.db):
        await Attachment.delete().where(Attachment.digest == digest)


def lies(store: LocalFiles) -> set[str]:
    later = clock.now() + timedelta(days=2)
    return {digest for part in range(256) for digest in store.kept_before(part, later)}


def is_there(store, digest: str) -> bool:
    with suppress(FileNotFoundError), store.open(digest) as file:
        return hashlib.sha256(file.read()).hexdigest() == digest
    return False


async def test_everything_moves_and_is_read_meanwhile(before, moved, files, monkeypatch):
    digests = {await received(before, number) for number in range(8)}
    seen, carry = [], moving.carry

    def carry_and_look(both, digest):
        answer = carry(both, digest)
        seen.append(all(is_there(files, each) for each in digests))
        return answer

    monkeypatch.setattr(moving, "carry", carry_and_look)
    done = await move_all(moved, files, SILENT)
    assert (done.moved, done.destroyed, done.waiting, done.altered) == (8, 0, 0, ())
    assert (lies(files.source), lies(files.target)) == (set(), digests)
    assert seen == [True] * 8
    assert (await verify_all(moved, SILENT)).whole == 8
    assert (await move_all(moved, files, SILENT)).moved == 0


async def test_what_is_destroyed_on_its_way_stays_destroyed(before, moved, files, monkeypatch):
    first, *others = [await received(before, number) for number in range(4)]
    carry, loop = moving.carry, asyncio.get_running_loop()

    def carry_and_destroy(both, digest):
        answer = carry(both, digest)
        if digest == first:
            asyncio.run_coroutine_threadsafe(erased(first), loop).result(60)
        return answer

    monkeypatch.setattr(moving, "carry", carry_and_destroy)
    done = await move_all(moved, files, SILENT)
    assert (done.moved, done.destroyed) == (3, 1)
    assert not is_there(files, first)
    assert lies(files.target) == set(others)


async def test_what_nobody_needs_goes_and_what_just_came_waits(before, moved, files):
    left, young = files.source.keep(b"left by a process"), files.source.keep(b"its row comes")
    place = files.source.folder / left[:2] / left[2:4] / left
    old = (clock.now() - timedelta(hours=3)).timestamp()
    os.utime(place, (old, old))
    done = await move_all(moved, files, SILENT)
    assert (done.moved, done.destroyed, done.waiting) == (0, 1, 1)
    assert lies(files.source) == {young}


async def test_what_is_altered_stays_where_it_is_and_is_named(before, moved, files):
    good, altered = [await received(before, number) for number in range(2)]
    place = files.source.folder / altered[:2] / altered[2:4] / altered
    place.write_bytes(b"something else")
    done = await move_all(moved, files, SILENT)
    assert (done.moved, done.altered) == (1, (altered,))
    assert (lies(files.source), lies(files.target)) == ({altered}, {good})
    found = await verify_all(moved, SILENT)
    assert (found.whole, found.missing, found.altered) == (1, (), (altered,))
    place.unlink()
    assert (await verify_all(moved, SILENT)).missing == (altered,)


async def test_nothing_goes_where_the_new_store_gives_other_bytes(before, moved, files, monkeypatch):
    digest = await received(before, 1)
    place = files.target.folder / digest[:2] / digest[2:4] / digest
    place.parent.mkdir(parents=True)
    place.write_bytes(b"Notes, page 2")
    done = await move_all(moved, files, SILENT)
    assert done.moved == 1, "it is written anew"
    other = await received(before, 3)
    monkeypatch.setattr(files.target, "keep", lambda content: hashlib.sha256(content).hexdigest())
    with pytest.raises(Unusable, match="is something else"):
        await move_all(moved, files, SILENT)
    assert is_there(files.source, other)


async def test_a_new_store_that_is_away_as_it_is_read_again_keeps_what_it_has(before, moved, files, monkeypatch):
    digest = await received(before, 1)
    opened, dropped = files.target.open, []

    def away(digest):
        raise FilesAway("gone fishing")

    monkeypatch.setattr(files.target, "open", away)
    monkeypatch.setattr(files.target, "drop", dropped.append)
    with pytest.raises(Unusable, match="gone fishing"):
        await move_all(moved, files, SILENT)
    assert dropped == []
    monkeypatch.setattr(files.target, "open", opened)
    assert is_there(files.target, digest)
    assert is_there(files.source, digest)


async def test_what_could_not_be_destroyed_stays_on_its_way(before, moved, files, monkeypatch):
    digest = await received(before, 1)
    carry, drop, loop = moving.carry, files.target.drop, asyncio.get_running_loop()

    def carry_and_erase(both, digest):
        answer = carry(both, digest)
        asyncio.run_coroutine_threadsafe(erased(digest), loop).result(60)
        return answer

    def away(digest):
        raise FilesAway("gone fishing")

    monkeypatch.setattr(moving, "carry", carry_and_erase)
    monkeypatch.setattr(files.target, "drop", away)
    for _ in range(2):  # in a round, then as the next move begins
        with pytest.raises(Unusable, match="could not be destroyed"):
            await move_all(moved, files, SILENT)
        assert [row["digest"] for row in await OnTheWay.select()] == [digest]
    monkeypatch.setattr(files.target, "drop", drop)
    assert (await move_all(moved, files, SILENT)).left == 0
    assert (lies(files.source), lies(files.target), await OnTheWay.count()) == (set(), set(), 0)


async def test_what_came_into_the_old_store_meanwhile_is_counted(before, moved, files, monkeypatch):
    await received(before, 1)
    take_away = moving.take_away

    def take_and_keep(store, digest):
        take_away(store, digest)
        files.source.keep(b"by a process that was not started anew")

    monkeypatch.setattr(moving, "take_away", take_and_keep)
    done = await move_all(moved, files, SILENT)
    assert (done.moved, done.left) == (1, 1)


@pytest.mark.both_engines
async def test_one_move_runs_at_a_time_on_whichever_machine(moved, monkeypatch):
    engine = moved.engine
    monkeypatch.setattr(only_move, "RENEWED_EVERY", 0.05)
    async with only_move.only_move(engine):
        with pytest.raises(Unusable, match="is under way: "):
            async with only_move.only_move(engine):
                pass
    async with only_move.only_move(engine):  # the one before has ended, and holds it no more
        pass


@pytest.mark.both_engines
async def test_a_move_that_was_killed_is_taken_over_and_ends_where_it_lives_after_all(moved, monkeypatch):
    engine = moved.engine
    monkeypatch.setattr(only_move, "SILENT", 0.4)
    monkeypatch.setattr(only_move, "RENEWED_EVERY", 60.0)
    silent = only_move.only_move(engine)
    await silent.__aenter__()
    async with only_move.only_move(engine):
        assert await only_move._held() != ("", None)
    await silent.__aexit__(None, None, None)
    monkeypatch.setattr(only_move, "RENEWED_EVERY", 0.05)
    with pytest.raises(Unusable, match="took over"):
        async with only_move.only_move(engine):
            async with transaction(engine):
                await Chore.update({Chore.held_by: "another"}).where(Chore.name == only_move.NAME)
            await asyncio.sleep(60)


async def test_both_stores_are_one_to_whoever_reads_and_destroys(files, monkeypatch):
    old, new = files.source.keep(b"old"), files.keep(b"new")
    assert lies(files.target) == {new}
    assert set(files.kept_before(int(old[:2], 16), clock.now() + timedelta(days=2))) >= {old}
    for digest in (old, new):
        files.set_aside(digest)
        assert is_there(files, digest)
        files.bring_back(digest)
        files.set_aside(digest)
        files.drop(digest)
        assert not is_there(files, digest)

    def away(digest):
        raise FilesAway("gone fishing")

    monkeypatch.setattr(files.target, "open", away)
    files.source.keep(b"old")
    assert is_there(files, old)
    with pytest.raises(FilesAway):
        files.open(new)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["carry", "is_whole", "take_away"])
async def test_killed_anywhere_it_goes_on_and_brings_nothing_back(step, before, moved, files, tmp_path, database_url):
    digests = [await received(before, number) for number in range(8)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
    environ |= clock.variables() | {
        "PARVIS_TERRITORY": str(town_folder()),
        "PARVIS_SECRET_KEY": "s" * 40,
        "PARVIS_DATA": str(tmp_path),
        "PARVIS_DATABASE": database_url,
    }
    command = [sys.executable, "-c", KILLED, str(tmp_path), step]
    ended = await asyncio.to_thread(
        subprocess.run, command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=HANGS
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert all(is_there(files, digest) for digest in digests), "nothing is lost"
    (coming,) = [row["digest"] for row in await OnTheWay.select()]
    await erased(coming)
    moving.take_away(files.source, coming)  # as it was when its copy had not come yet
    done = await move_all(moved, files, SILENT)
    assert (lies(files.source), lies(files.target)) == (set(), set(digests) - {coming})
    assert (done.altered, await OnTheWay.count()) == ((), 0)
