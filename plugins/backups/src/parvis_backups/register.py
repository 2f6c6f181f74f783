"""The register of destruction beside the sets: which requests were destroyed and when, and nothing that was in them.

A backup keeps what the law has destroyed since. So every destruction is written here too, outside of the database, one
line each, and is done again when a backup is restored. Each line carries a mark made with the secret of the
installation from the line before: nothing can be taken out or put in between.
"""

import asyncio
import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct, structs

from parvis.cli.troubles import Unusable
from parvis.db.tables import Entry
from parvis.signing import matches
from parvis_backups.sets import RegisterMark

REGISTER = "destroyed.jsonl"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
LATE = timedelta(days=1)  # a destruction may be seen this long after the moment that it is written with
LOOKED_AT = 200  # of the last lines: whether the database knows them
TOGETHER = 500  # references in one statement
ERASED = """
SELECT e.at, r.reference, r.jurisdiction, r.type, e.body
FROM service_request r JOIN entry e ON e.request = r.id AND e.kind = 'erased'
WHERE r.erased_at >= {} ORDER BY e.at, r.reference"""


class Destroyed(Struct, frozen=True, kw_only=True):
    """One request that was destroyed, by which rule (`anonymise`, `destroy`), and the mark of the line."""

    at: str
    reference: str
    jurisdiction: str
    type: str
    then: str
    mark: str = ""


async def keep_register(file: Path, secret: bytes) -> RegisterMark:
    """Write down what was destroyed and does not stand there yet; where the register is then."""
    lines = await asyncio.to_thread(_as_it_is, file, secret)
    await refuse_older_database(lines)
    latest = max((datetime.fromisoformat(each.at) for each in lines), default=BEGINNING)
    destroyed = await _destroyed(latest - LATE)
    return await asyncio.to_thread(_append, file, destroyed, secret)


def _as_it_is(file: Path, secret: bytes) -> list[Destroyed]:
    return read_lines(file.read_bytes(), secret, str(file)) if file.exists() else []


def _append(file: Path, destroyed: list[Destroyed], secret: bytes) -> RegisterMark:
    with _held(file) as held:
        lines = read_lines(held.read(), secret, str(file))  # another one may have written meanwhile
        known, mark = {each.reference for each in lines}, lines[-1].mark if lines else ""
        new = [each for each in destroyed if each.reference not in known]
        for each in new:
            mark = _mark(each, mark, secret)
            held.write(msgspec.json.encode(structs.replace(each, mark=mark)) + b"\n")
        held.flush()
        os.fsync(held.fileno())
    return RegisterMark(lines=len(lines) + len(new), mark=mark)


async def refuse_older_database(lines: list[Destroyed]) -> None:
    """Raise where what was destroyed lately is there again: somebody went back without the register."""
    latest = [each.reference for each in lines[-LOOKED_AT:]]
    if back := await standing_again(latest):
        raise Unusable(
            f"{back[0]} was destroyed, as the register says, and the database has it again: it is older than the "
            "register; run `parvis restore --register` with it"
        )


async def standing_again(references: list[str]) -> list[str]:
    """Of these requests those that the database has, whole."""
    found: list[str] = []
    for start in range(0, len(references), TOGETHER):
        some = references[start : start + TOGETHER]
        holes = ", ".join(["{}"] * len(some))
        select = f"SELECT reference FROM service_request WHERE erased_at IS NULL AND reference IN ({holes})"  # noqa: S608
        found += [row["reference"] for row in await Entry.raw(select, *some)]
    return found


def read_registers(files: Iterable[Path], secret: bytes, since: RegisterMark) -> list[Destroyed]:
    """What all of these registers say was destroyed; at least one must go on from where a backup saw it."""
    found, goes_on = dict[str, Destroyed](), not since.lines
    for file in files:
        try:
            lines = read_lines(file.read_bytes(), secret, str(file))
        except OSError as error:
            raise Unusable(f"{file} cannot be read ({error.strerror})") from None
        goes_on |= len(lines) >= since.lines > 0 and lines[since.lines - 1].mark == since.mark
        found |= {each.reference: each for each in lines}
    if not goes_on:
        raise Unusable(
            f"no register that was given has the {since.lines} lines that were in it when the backup was made: "
            "it is an older copy, or another one's"
        )
    return sorted(found.values(), key=lambda each: (each.at, each.reference))


def read_lines(content: bytes, secret: bytes, file: str) -> list[Destroyed]:
    """The lines of a register, each proved by its mark; half a line at the end, of a machine that stopped, is none."""
    lines, mark = list[Destroyed](), ""
    for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), start=1):
        try:
            each = msgspec.json.decode(line, type=Destroyed)
        except msgspec.DecodeError:
            each = None
        if each is None or not matches(secret, each.mark, partial(_mark, each, mark)):
            raise Unusable(f"{file}, line {number}: altered, or written with another secret_key")
        lines.append(each)
        mark = each.mark
    return lines


async def _destroyed(since: datetime) -> list[Destroyed]:
    rows = await Entry.raw(ERASED, since)
    return [
        Destroyed(
            at=row["at"].isoformat(),
            reference=row["reference"],
            jurisdiction=row["jurisdiction"],
            type=row["type"],
            then=msgspec.json.decode(row["body"])["then"],
        )
        for row in rows
    ]


def _mark(each: Destroyed, before: str, secret: bytes) -> str:
    body = msgspec.json.encode(structs.replace(each, mark=""))
    return hmac.new(secret, b"destroyed\0" + before.encode() + body, hashlib.sha256).hexdigest()[:32]


@contextmanager
def _held(file: Path) -> Iterator[BinaryIO]:
    """The register, for one writer at a time; what a writer that was killed left of a line goes."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("a+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.seek(0)
        content = held.read()
        held.truncate(content.rfind(b"\n") + 1)
        held.seek(0)
        yield held
