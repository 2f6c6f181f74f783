"""Looking whether the store has each content that the database names, as it was kept."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Literal

from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis.db.tables import ServiceRequest
from parvis.requests.erasure_rules import columns_of_contents, needed_among
from parvis.requests.host import Host
from parvis_file_moves.moving import AT_ONCE, TOGETHER, Tell, digest_of, is_said_altered
from parvis_sdk.file_stores import FilesAway, FileStore

OFTEN = 10_000  # contents between two lines that say how far it is
Found = Literal["whole", "missing", "altered"]


class Verified(Struct, frozen=True, kw_only=True):
    """How many contents are whole, and which are not there or are something else."""

    whole: int
    missing: tuple[str, ...]
    altered: tuple[str, ...]


async def verify_all(host: Host, tell: Tell) -> Verified:
    """Read every content that a row names; what is destroyed meanwhile is not missing."""
    whole, missing, altered = 0, list[str](), list[str]()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        loop = asyncio.get_running_loop()
        async for some in _named(host):
            looks = (loop.run_in_executor(threads, partial(_look, host.files, digest)) for digest in some)
            found = dict(zip(some, await asyncio.gather(*looks), strict=True))
            before, whole = whole, whole + sum(each == "whole" for each in found.values())
            gone = [digest for digest, each in found.items() if each == "missing"]
            missing += [digest for digest in gone if digest in await needed_among(host, gone)]
            altered += [digest for digest, each in found.items() if each == "altered"]
            if whole // OFTEN > before // OFTEN:
                tell(f"{whole} files are whole so far")
    return Verified(whole=whole, missing=tuple(dict.fromkeys(missing)), altered=tuple(dict.fromkeys(altered)))


async def _named(host: Host) -> AsyncIterator[list[str]]:
    """What rows name, some at a time; a content that several columns name comes with each."""
    for table, column in columns_of_contents(host):
        last = ""
        while True:
            select = (
                f'SELECT DISTINCT "{column}" AS digest FROM "{table}" WHERE "{column}" > {{}} '  # noqa: S608 - of its owner
                f"ORDER BY digest LIMIT {TOGETHER}"
            )
            some = [row["digest"] for row in await ServiceRequest.raw(select, last)]
            if not some:
                break
            yield some
            last = some[-1]


def _look(store: FileStore, digest: str) -> Found:
    try:
        with store.open(digest) as given:
            return "whole" if digest_of(given) == digest else "altered"
    except FileNotFoundError:
        return "missing"
    except FilesAway as error:
        if is_said_altered(error):
            return "altered"
        raise Unusable(f"the file store is away: {error}") from None
