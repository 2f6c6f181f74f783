"""Moving contents to another store while the town works: copied, read again there, only then taken from the old one.

The old store is the list of what is still to do, so a move that was killed goes on where it was. What a request no
longer needs when its copy has arrived is destroyed at once; what was on its way when a move was killed is looked at
first by the next one. So nothing that was destroyed meanwhile comes back.
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import BinaryIO, Literal

from msgspec import Struct, structs

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.plugins.file_stores import MovingFiles
from parvis.requests.attached.dropping import drop_unused
from parvis.requests.erasure_rules import needed_among
from parvis.requests.host import Host
from parvis_file_moves.tables import OnTheWay
from parvis_sdk.file_stores import PARTS, FilesAway, FileStore

TOGETHER, AT_ONCE = 64, 6  # contents in one round; of these, so many side by side
PIECE = 1_000_000
YOUNG = timedelta(hours=1)  # before a content that no row names is nobody's: its row may be on its way
LATER = timedelta(days=2)
Arrival = Literal["arrived", "gone", "altered"]
Tell = Callable[[str], None]


class Moved(Struct, frozen=True, kw_only=True):
    """What became of the contents of the old store.

    `destroyed`: nobody needed them any more; `waiting`: too young to say so, or sent while this ran; `altered`: what
    the old store has under these digests is something else, and stays there; `left`: how much lies there at the end.
    """

    moved: int = 0
    bytes: int = 0
    destroyed: int = 0
    waiting: int = 0
    altered: tuple[str, ...] = ()
    left: int = 0


async def move_all(host: Host, files: MovingFiles, tell: Tell) -> Moved:
    """Bring everything from the old store into the new one."""
    done = Moved()
    try:
        await settle(host)
        for part in range(PARTS):
            there = await asyncio.to_thread(files.source.kept_before, part, clock.now() + LATER)
            old = set(await asyncio.to_thread(files.source.kept_before, part, clock.now() - YOUNG))
            for some in in_rounds(sorted(there)):
                done = await _one_round(host, files, some, old, done)
            if part % 16 == 15:
                tell(f"{part + 1} parts of {PARTS}: {done.moved} moved")
        return structs.replace(done, left=await asyncio.to_thread(_count, files.source))
    except FilesAway as error:
        raise Unusable(f"a store is away ({error}); {done.moved} files were moved: run this again") from None


def _count(store: FileStore) -> int:
    return sum(len(store.kept_before(part, clock.now() + LATER)) for part in range(PARTS))


async def settle(host: Host) -> None:
    """Destroy what was on its way when a move ended midway, and that nobody needs any more."""
    while left := [row["digest"] for row in await OnTheWay.select().limit(TOGETHER)]:
        await _destroy(host, set(left) - await needed_among(host, left))
        await _no_more_on_the_way(host, left)


async def _one_round(host: Host, files: MovingFiles, some: Sequence[str], old: Collection[str], done: Moved) -> Moved:
    needed = await needed_among(host, some)
    nobodys = [digest for digest in some if digest not in needed]
    dropped = await _destroy(host, [digest for digest in nobodys if digest in old])
    going = [digest for digest in some if digest in needed]
    if going:
        rows = (OnTheWay(digest=digest) for digest in going)
        async with transaction(host.engine):
            await OnTheWay.insert(*rows).on_conflict(action="DO NOTHING")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        loop = asyncio.get_running_loop()
        came = await asyncio.gather(*(loop.run_in_executor(threads, partial(carry, files, each)) for each in going))
        arrived = {digest: size for digest, (how, size) in zip(going, came, strict=True) if how == "arrived"}
        still = await needed_among(host, list(arrived))
        dropped += await _destroy(host, set(arrived) - still)
        await asyncio.gather(*(loop.run_in_executor(threads, partial(take_away, files.source, each)) for each in still))
    await _no_more_on_the_way(host, going)
    altered = tuple(digest for digest, (how, _) in zip(going, came, strict=True) if how == "altered")
    return structs.replace(
        done,
        moved=done.moved + len(still),
        bytes=done.bytes + sum(arrived[digest] for digest in still),
        destroyed=done.destroyed + dropped,
        waiting=done.waiting + len(nobodys) - sum(digest in old for digest in nobodys),
        altered=(*done.altered, *altered),
    )


async def _destroy(host: Host, digests: Collection[str]) -> int:
    """Drop what nobody needs any more; how many. Where a store that is away keeps one, none of them is done with."""
    dropped = 0
    for digest in digests:
        if await drop_unused(host, (digest,)):
            dropped += 1
        elif not await needed_among(host, (digest,)):
            raise FilesAway("what nobody needs any more could not be destroyed")
    return dropped


async def _no_more_on_the_way(host: Host, digests: Sequence[str]) -> None:
    if digests:
        async with transaction(host.engine):
            await OnTheWay.delete().where(OnTheWay.digest.is_in(list(digests)))


def carry(files: MovingFiles, digest: str) -> tuple[Arrival, int]:
    """Copy one content and read it again where it arrived; with its size. Nothing is taken away."""
    try:
        with files.source.open(digest) as given:
            content = given.read()
    except FileNotFoundError:  # destroyed meanwhile
        return "gone", 0
    except FilesAway as error:
        if is_said_altered(error):
            return "altered", 0
        raise
    if hashlib.sha256(content).hexdigest() != digest:
        return "altered", 0
    files.target.keep(content)
    if not is_whole(files.target, digest):  # something else lay there under its name, of the same size
        take_away(files.target, digest)
        files.target.keep(content)
        if not is_whole(files.target, digest):
            raise FilesAway(f"what arrived as {digest} is something else")
    return "arrived", len(content)


def take_away(store: FileStore, digest: str) -> None:
    store.set_aside(digest)
    store.drop(digest)


def is_whole(store: FileStore, digest: str) -> bool:
    """Whether a store gives the very bytes of a digest. While it is away nobody knows, and nothing is done about it."""
    try:
        with store.open(digest) as given:
            return digest_of(given) == digest
    except FileNotFoundError:
        return False
    except FilesAway as error:
        if is_said_altered(error):
            return False
        raise


def is_said_altered(error: FilesAway) -> bool:
    """Whether a store that compares what it gives says so of a content, and not that it is away: others can be read."""
    return "is not what was kept" in str(error)


def digest_of(given: BinaryIO) -> str:
    seen = hashlib.sha256()
    while piece := given.read(PIECE):
        seen.update(piece)
    return seen.hexdigest()


def in_rounds(digests: Sequence[str]) -> Iterator[Sequence[str]]:
    return (digests[start : start + TOGETHER] for start in range(0, len(digests), TOGETHER))
