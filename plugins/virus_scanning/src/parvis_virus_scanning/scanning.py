"""Files that are held until an antivirus has seen them: which are due, and what becomes of them then.

Held means: kept, named, and shown to nobody. Several workers may ask for the same content; the answer is the same.
"""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Attachment as AttachmentRow
from parvis.identifiers import new_id
from parvis.outbox.circuits import Backoff, next_try
from parvis.plugins.trying import Failure
from parvis.requests.actors import SYSTEM
from parvis.requests.attached.dropping import CONTENTS, contents_in, drop_unused
from parvis.requests.changing import Change, NoSuchRequest, Situation, announce, change
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.host import Host
from parvis.requests.records import as_json
from parvis.requests.records import get as get_record
from parvis.troubles import said
from parvis_sdk.events import FilesReady, Replied
from parvis_sdk.file_stores import FilesAway
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import Clean, Infected, NotScanned, VirusScanner
from parvis_virus_scanning.asking import looked_at, named_trouble

AWAY = Backoff(first=timedelta(seconds=2), longest=timedelta(minutes=2), tries=1_000_000_000)
REFUSED = Backoff(first=timedelta(minutes=10), longest=timedelta(hours=6), tries=1_000_000_000)
LEASE = timedelta(minutes=5)
REMOVED = Text(
    fr="Le fichier «\u00a0{name}\u00a0» n’a pas été gardé\u00a0: notre antivirus y a trouvé un virus ({virus}). "
    "Le traitement de votre requête continue. Pour nous faire parvenir ce fichier, vérifiez votre appareil, puis "
    "envoyez-en une copie saine.",
    en="The file “{name}” was not kept: our antivirus found a virus in it ({virus}). We continue to handle your "
    "request. To send us this file, check your device, then send a clean copy.",
)
REMOVED_OURS = Text(
    fr="Le fichier «\u00a0{name}\u00a0» a été retiré\u00a0: l’antivirus y a trouvé un virus ({virus}). "
    "La personne ne l’a pas reçu.",
    en="The file “{name}” was removed: the antivirus found a virus in it ({virus}). The requester did not get it.",
)


class Due(Struct, frozen=True, kw_only=True):
    """A content that waits to be scanned, and how often that was tried."""

    digest: str
    tries: int


async def claim_due(host: Host, most: int) -> tuple[Due, ...]:
    """Take some of the contents whose turn it is; nobody else gets them until the lease is over."""
    now = clock.now()
    rows = (
        await AttachmentRow.select(AttachmentRow.digest, AttachmentRow.scan_tries)
        .where(AttachmentRow.scan_due_at <= now)
        .order_by(AttachmentRow.scan_due_at)
        .limit(most)
    )
    due = {row["digest"]: Due(digest=row["digest"], tries=row["scan_tries"]) for row in rows}
    if not due:
        return ()
    async with transaction(host.engine):
        taken = (
            await AttachmentRow.update({AttachmentRow.scan_due_at: now + LEASE})
            .where(AttachmentRow.digest.is_in(list(due)) & (AttachmentRow.scan_due_at <= now))
            .returning(AttachmentRow.digest)
        )
    return tuple(due[digest] for digest in {row["digest"] for row in taken})


async def scan(host: Host, scanner: VirusScanner, due: Due) -> bool:
    """Have one content scanned and write down what comes of it; whether the antivirus answered."""
    try:
        content = await asyncio.to_thread(host.files.open, due.digest)
    except FileNotFoundError:
        await _put_off(host, due, REFUSED, "the store has lost it")
        return True
    except FilesAway as trouble:
        await _put_off(host, due, AWAY, str(trouble))
        return True
    try:
        found = await looked_at(host, scanner, content)
    finally:
        content.close()
    match found:
        case Clean():
            await _release(host, due)
        case Infected(virus=virus):
            await _take_out(host, due, virus)
        case NotScanned(why=why):
            await _put_off(host, due, REFUSED, why)
        case Failure(kind=kind):
            # What it breaks on may be this one content: others need not wait for it.
            is_away = kind not in ("broken", "refused")
            await _put_off(host, due, AWAY if is_away else REFUSED, said(named_trouble(host, scanner, found), "en"))
            return not is_away
    return True


async def bring_forward(host: Host) -> None:
    """The antivirus is back: what waited for it need not wait longer."""
    waits = AttachmentRow.scan_due_at.is_not_null() & (AttachmentRow.scan_tries > 0)
    async with transaction(host.engine):
        await AttachmentRow.update({AttachmentRow.scan_due_at: clock.now()}).where(waits)


async def _put_off(host: Host, due: Due, patience: Backoff, said: str) -> None:
    tries = due.tries + 1
    changed: dict[Any, Any] = {
        AttachmentRow.scan_due_at: next_try(tries, now=clock.now(), luck=1.0, patience=patience),
        AttachmentRow.scan_tries: tries,
        AttachmentRow.scan_said: said,
    }
    async with transaction(host.engine):
        await AttachmentRow.update(changed).where(_held(due.digest))


async def _release(host: Host, due: Due) -> None:
    """Hold a content no more, and announce it for each request that it came with."""
    async with transaction(host.engine):
        changed = AttachmentRow.update(_settled("clean", "")).where(_held(due.digest))
        for request in {row["request"] for row in await changed.returning(AttachmentRow.request)} - {None}:
            record = await get_record(host, request)
            town = host.jurisdictions.get(record.jurisdiction)
            if town is not None and record.erased_at is None:
                ready = FilesReady(id=str(new_id()), reference=record.reference, at=clock.now(), actor=SYSTEM.kind)
                await announce(host, record, town, (ready,))


async def _take_out(host: Host, due: Due, virus: str) -> None:
    """Destroy an infected content, and say so wherever it was sent; one that is bound meanwhile is seen next time."""
    files = contents_in(await AttachmentRow.select(*CONTENTS).where(_held(due.digest)))
    while rows := await AttachmentRow.select(AttachmentRow.id, AttachmentRow.request).where(_held(due.digest)):
        for row in rows:
            if row["request"] is None:
                async with transaction(host.engine):
                    await _mark(row["id"], None, virus)
            else:
                await _tell(host, row["id"], row["request"], virus)
    await drop_unused(host, files)


async def _tell(host: Host, id: UUID, request: UUID, virus: str) -> None:
    record = await get_record(host, request)
    if record is None:
        return
    try:
        await change(host, record.reference, partial(_plan_removal, id, virus), actor=SYSTEM)
    except NoSuchRequest:  # erased meanwhile, its files with it
        return


async def _plan_removal(id: UUID, virus: str, here: Situation) -> Change:
    """One entry for the sender: the requester, who is written to, or somebody at the desk."""
    row = await AttachmentRow.select(AttachmentRow.name).where(AttachmentRow.id == id).first()
    by_requester = sender_of(str(id), await entries_of(here.record)) == "requester"
    words = (REMOVED if by_requester else REMOVED_OURS).format(name=row["name"] if row else "", virus=virus)
    return Change(
        line=Line(
            kind="infected",
            audience="requester" if by_requester else "internal",
            body={"file": str(id), "virus": virus},
            personal={"words": words.to(here.record.language)},
        ),
        events=(Replied(**here.about(SYSTEM), entry=here.record.entries + 1),) if by_requester else (),
        writes=(partial(_mark, id, here.record.id, virus),),
    )


def sender_of(id: str, entries: tuple[Entry, ...]) -> str:
    """Whose entry brought a file: the one that names it, or the first, whose answers are the request's own."""
    naming = (entry for entry in entries if id in as_json([entry.body, entry.personal]))
    return next(naming, entries[0]).actor.kind


async def _mark(id: UUID, request: UUID | None, virus: str) -> None:
    bound = AttachmentRow.request.is_null() if request is None else AttachmentRow.request == request
    nothing = {AttachmentRow.digest: "", AttachmentRow.small: ""}
    await AttachmentRow.update(_settled("infected", virus) | nothing).where(
        (AttachmentRow.id == id) & bound & AttachmentRow.scan_due_at.is_not_null()
    )


def _held(digest: str) -> Any:
    return (AttachmentRow.digest == digest) & AttachmentRow.scan_due_at.is_not_null()


def _settled(scan: str, said: str) -> dict[Any, Any]:
    return {AttachmentRow.scan: scan, AttachmentRow.scan_due_at: None, AttachmentRow.scan_said: said}
