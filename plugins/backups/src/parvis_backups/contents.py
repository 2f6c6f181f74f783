"""Contents of the store in a set: linked where an earlier set has them, read from the store where none has."""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis_backups.sets import FILES, LISTING, PIECE, digest_of, place_of
from parvis_backups.snapshots import refuse_full_disk
from parvis_sdk.file_stores import FilesAway, FileStore

AT_ONCE = 6
MARGIN = 50_000_000  # bytes that stay free
Outcome = Literal["linked", "copied", "missing"]


class Copied(Struct, frozen=True, kw_only=True):
    """What became of the contents: their sizes, how many an earlier set had, and those that the store has no more."""

    sizes: dict[str, int]
    linked: int
    missing: tuple[str, ...]


def copy_contents(store: FileStore, wanted: dict[str, int], folder: Path, earlier: Path | None) -> Copied:
    """Bring every content into a set; raises where the store is away or the disk is full."""
    (folder / FILES).mkdir()
    for digest in wanted:
        place_of(folder, digest).parent.mkdir(exist_ok=True)
    linked = _link_all(wanted, folder, earlier) if earlier else set[str]()
    left = [digest for digest in wanted if digest not in linked]
    refuse_full_disk(folder, sum(wanted[digest] for digest in left) + MARGIN)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = dict(zip(left, threads.map(partial(_copy, store, folder), left), strict=True))
    missing = tuple(digest for digest, found in done.items() if not found)
    sizes = {digest: place_of(folder, digest).stat().st_size for digest in wanted if digest not in missing}
    with (folder / LISTING).open("x") as file:
        file.writelines(f"{digest} {size}\n" for digest, size in sorted(sizes.items()))
    return Copied(sizes=sizes, linked=len(linked), missing=missing)


def contents_of(folder: Path) -> dict[str, int]:
    """The contents that a set lists, with their sizes."""
    lines = (line.split() for line in (folder / LISTING).read_text().splitlines())
    return {digest: int(size) for digest, size in lines}


def altered_in(folder: Path, *, every_byte: bool) -> list[str]:
    """The contents that are not there as they are listed."""

    def is_altered(item: tuple[str, int]) -> bool:
        digest, size = item
        place = place_of(folder, digest)
        try:
            return place.stat().st_size != size or (every_byte and digest_of(place) != digest)
        except OSError:
            return True

    listed = contents_of(folder)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [digest for digest, bad in zip(listed, threads.map(is_altered, listed.items()), strict=True) if bad]


def _link_all(wanted: Iterable[str], folder: Path, earlier: Path) -> set[str]:
    """Those that an earlier set has, of the size that it lists; none where the disk knows no links."""
    linked, listed = set[str](), contents_of(earlier)
    for digest in wanted:
        with suppress(OSError):
            if place_of(earlier, digest).stat().st_size == listed.get(digest):
                os.link(place_of(earlier, digest), place_of(folder, digest))
                linked.add(digest)
    return linked


def _copy(store: FileStore, folder: Path, digest: str) -> bool:
    """Whether the store had it, as it was kept."""
    place = place_of(folder, digest)
    seen = hashlib.sha256()
    try:
        with store.open(digest) as given, place.open("xb") as file:
            while piece := given.read(PIECE):
                seen.update(piece)
                file.write(piece)
    except FileNotFoundError:
        return False
    except FilesAway as error:
        raise Unusable(f"the file store is away: {error}") from None
    if seen.hexdigest() != digest:
        place.unlink()
    return seen.hexdigest() == digest
