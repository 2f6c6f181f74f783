"""Where a worker stood when nothing in it could run any more, or what ended it: read by the next worker."""

import asyncio
import faulthandler
import fcntl
import glob
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NoReturn

import structlog

from parvis.db import transaction
from parvis.outbox import deliveries
from parvis.outbox.claiming import held_by
from parvis.plugins.trying import BLOCKS_ALL, ENDS_ALL, Failure
from parvis.requests.host import Host
from parvis.worker import verdicts
from parvis.worker.chores import end_chores
from parvis.worker.dispatch import receiver_of
from parvis.worker.relay import MACHINE
from parvis_sdk.lines import place_of

FOLDER = "workers"  # of the data
ENDED = "os._exit"  # written before the lines of its caller
LINE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
log = structlog.get_logger("parvis.worker")


@contextmanager
def last_words(folder: Path, worker: str) -> Iterator[IO[str]]:
    """A file for what Python itself writes as it ends the process; nothing is left of a worker that ends well.

    As long as the process lives, however it is ended, it has the lock of the file. Where files cannot be locked, an
    empty line says so: nobody can tell whether such a worker lives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{worker}.trace"
    begun = file.with_suffix(".new")
    with begun.open("w") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX)
        except OSError:
            place.write("\n")
            place.flush()
        begun.rename(file)
        faulthandler.enable(place)  # a crash of compiled code is told as well
        at_once = os._exit
        _replace(_telling(place, at_once))
        try:
            yield place
        finally:
            _replace(at_once)
            faulthandler.cancel_dump_traceback_later()
            faulthandler.disable()
    file.unlink(missing_ok=True)


def _replace(ending: Callable[[int], NoReturn]) -> None:
    os._exit = ending  # type: ignore[assignment] # code that ends this process at once is reported


def _telling(place: IO[str], at_once: Callable[[int], NoReturn]) -> Callable[[int], NoReturn]:
    """What ends the process at once, as before, once it is written who asked for it.

    Nobody could tell its death from that of a process that was killed from outside, for which no plugin answers.
    """
    ours = os.getpid()

    def end(status: int) -> NoReturn:
        if os.getpid() == ours:  # and not a child of it, which ends by itself in this way
            place.write(f"{ENDED}({status})\n")
            place.flush()
            faulthandler.dump_traceback(place, all_threads=False)
        at_once(status)

    return end


async def count_against(host: Host, folder: Path) -> frozenset[str]:
    """What ended workers is counted against the deliveries and chores that they held, all else is due again at once.

    So is what was held by workers of this machine that were killed from outside.

    The subscribers whose plugin it was: of those, one delivery at a time shows which it is.
    """
    careful: set[str] = set()
    by_name = host.plugins.by_name
    package_of = {each: str(getattr(by_name[each].module, "__name__", "")).partition(".")[0] for each in by_name}
    packages = set(package_of.values())
    for file, words in await asyncio.to_thread(_said, folder):
        package, where = stood_at(words, packages - {"parvis", ""})
        log.error("a worker was ended", worker=file.stem, plugin=package, where=where)
        what = ENDS_ALL if words.startswith(ENDED) else BLOCKS_ALL
        ended = Failure(kind="blocked", what=what, where=where)
        careful |= await _count(host, file.stem, package, ended)
        await end_chores(host, file.stem, [each for each in by_name if package_of[each] == package], ended)
        await asyncio.to_thread(file.unlink, missing_ok=True)
    for worker in await asyncio.to_thread(_killed_here, folder):
        async with transaction(host.engine):
            freed = await deliveries.free(worker)
        log.warning("a worker was killed", worker=worker, deliveries=freed)
    return frozenset(careful)


def _killed_here(folder: Path) -> list[str]:
    """The workers of this machine that were killed from outside: their file is empty, and nobody has its lock."""
    killed = []
    for file in sorted(folder.glob(f"{glob.escape(MACHINE)}-*.trace")):
        with suppress(OSError), file.open("r+") as place:  # NFS locks only what may be written
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not place.read(1):
                file.unlink()
                killed.append(file.stem)
    return killed


def _said(folder: Path) -> list[tuple[Path, str]]:
    """Of a worker that is alive, or that was killed from outside, the file has no words."""
    said = [(file, file.read_text("utf-8", "replace").strip()) for file in sorted(folder.glob("*.trace"))]
    return [(file, words) for file, words in said if words]


def stood_at(words: str, packages: set[str]) -> tuple[str, str]:
    """Which of these packages ran, and the line, as `package/file.py:41`; both empty when none did."""
    for found in LINE.finditer(words):
        for package in packages.intersection(Path(found["file"]).parts):
            return package, place_of(found["file"], package, int(found["line"]))
    return "", ""


async def _count(host: Host, worker: str, package: str, ended: Failure) -> set[str]:
    counted: set[str] = set()
    for claimed in await held_by(worker):
        receiver = receiver_of(host.plugins, claimed)
        module = receiver.module.__name__ if receiver and receiver.module else ""
        if receiver is None or not package or module.partition(".")[0] != package:
            if not claimed.is_message:  # one that may have arrived is judged when its lease is over, as after any death
                async with transaction(host.engine):
                    await deliveries.give_back(claimed)
            continue
        failure = verdicts.unless_unknown(claimed, receiver, ended)
        await verdicts.write(host, claimed, receiver, failure, verdicts.judge(claimed, receiver, failure, luck=1.0))
        counted.add(claimed.subscriber)
    return counted
