"""Writes the archive piece by piece as it is sent: histories as they are read, then sheets, then what proves them."""

import asyncio
import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Self

import msgspec

from parvis.jurisdictions.calendars import OpenTime
from parvis.requests.clocks.measures import comings_back
from parvis.requests.declarations import declared
from parvis.requests.entry_words import titles_known
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.records import as_json
from parvis.sheets import MARK, guarded
from parvis_audit_pack.columns import columns_of, read_me
from parvis_audit_pack.covering import Audit, History, histories, units_named
from parvis_audit_pack.procedures import Procedures, procedures_within
from parvis_audit_pack.results import Results
from parvis_audit_pack.signing import signed
from parvis_audit_pack.working import gaps, is_work
from parvis_seals.town_seal import CERTIFICATE, signer_of

FORMAT = "parvis-audit-pack/1"
LONG_GAP = 10  # business days without a step of the town, from which a gap is listed
IN_MEMORY = 2_000_000


def name_of(audit: Audit) -> str:
    """What the archive is called."""
    of = "-".join(each for each in (audit.town.code, audit.unit) if each)
    return f"verification-{of}-{audit.first}-{audit.last}.zip"


async def pack(
    host: Host, audit: Audit, town_files: Mapping[str, bytes], told: Callable[[int], object] = lambda requests: None
) -> AsyncIterator[bytes]:
    """The archive of a town, a unit and a period, in pieces; `town_files` are the rules as the town wrote them. `told`
    is called with the number of requests sent so far.
    """
    signer = await asyncio.to_thread(signer_of, host, audit.town, audit.made_at)  # before anything is sent
    versions = await procedures_within(host, audit)
    kept = [each for each, _ in versions]
    procedures = Procedures(audit.town, town_files, titles_known(host.modules.registry), versions)
    with PackWriter(audit, {name: tuple(each) for name, each in columns_of(kept).items()}) as packing:
        with packing.archive.open("histories.jsonl", "w") as place:
            written = DigestWriter(place)
            async for some in histories(host, audit):
                for digest in frozenset[str]().union(*(each.declarations for each in some)) - procedures.kinds.keys():
                    procedures.add(digest, await declared(digest))
                await asyncio.to_thread(packing.write, written, some, procedures)
                told(len(some))
                yield packing.sent()
        packing.note("histories.jsonl", written)
        await asyncio.to_thread(packing.close_sheets, procedures)
        yield packing.sent()
        for name, content in (
            *procedures.files(),
            *read_me(
                audit,
                packing.counted,
                kept,
                long_gap=LONG_GAP,
                name=name_of(audit),
                certificate_at=f"{town_url(host, audit.town)}{CERTIFICATE}",
            ),
        ):
            packing.put(name, content)
        manifest = packing.manifest()
        packing.archive.writestr("manifest.json", manifest)
        packing.archive.writestr("manifest.json.p7s", await signed(signer, manifest))
        packing.archive.close()
        yield packing.sent()


class DigestWriter:
    """A place to write, that knows how much was written and its digest."""

    def __init__(self, place: Any) -> None:
        self.place, self.digest, self.size = place, hashlib.sha256(), 0

    def write(self, content: bytes) -> None:
        self.place.write(content)
        self.digest.update(content)
        self.size += len(content)


class ArchiveStream(io.RawIOBase):
    """Where the archive is written: what is there is sent and forgotten."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.waiting += content
        return len(content)

    def taken(self) -> bytes:
        content = bytes(self.waiting)
        self.waiting.clear()
        return content


class Sheet:
    """One CSV of the archive; on disk once it is large."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="")  # noqa: SIM115
        self.file.write(MARK)
        self.writer = csv.writer(self.file, lineterminator="\r\n")
        self.writer.writerow(columns)

    def row(self, *cells: Any) -> None:
        self.writer.writerow([guarded(cell) for cell in cells])


class PackWriter:
    """The archive as it grows."""

    def __init__(self, audit: Audit, columns: Mapping[str, tuple[str, ...]]) -> None:
        self.audit = audit
        self.sink = ArchiveStream()
        self.archive = zipfile.ZipFile(self.sink, "w", zipfile.ZIP_DEFLATED)
        self.sheets = {name: Sheet(of) for name, of in columns.items()}
        self.files: list[dict[str, Any]] = []
        self.counted = {"requests": 0, "entries": 0, "gaps": 0, "reopened": 0}
        self.results: Results | None = None
        self.time: OpenTime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """The temporary files are removed, also when the client disconnected in the middle."""
        for sheet in self.sheets.values():
            sheet.file.close()
        self.archive.close()

    def write(self, place: DigestWriter, some: tuple[History, ...], procedures: Procedures) -> None:
        """Some histories with what they say."""
        for each in some:
            place.write(msgspec.json.encode(_told(each), order="deterministic") + b"\n")
            self._work(each, procedures)

    def _work(self, each: History, procedures: Procedures) -> None:
        record, audit = each.record, self.audit
        if self.time is None or self.results is None:  # they come in the order in which they were received
            self.time = OpenTime(audit.town.calendar, record.submitted_at, audit.made_at)
            self.results = Results(audit, self.time)
        self.results.add(each)
        for clock in each.clocks:
            procedures.promised(record.type, clock)
        idle = gaps(each, self.time, audit.made_at)
        again = [
            entry for entry in comings_back(each.entries, each.request_types) if audit.since <= entry.at < audit.until
        ]
        longest = max((gap.business_days for gap in idle), default=0.0)
        steps = sum(map(is_work, each.entries))
        self.sheets["requests.csv"].row(
            record.reference, record.type, record.declaration, record.channel, record.language, record.zone,
            record.unit, record.priority, record.submitted_at, record.closed_at, record.state, str(record.phase),
            record.promise, record.promised_at, record.erased_at, len(each.lines), record.last_hash, steps,
            round(longest, 2), len(again),
        )  # fmt: skip
        for gap in idle:
            over = gap.until is None or gap.until >= audit.since
            if gap.business_days >= LONG_GAP and over and gap.since < audit.until:
                self.counted["gaps"] += 1
                self.sheets["gaps.csv"].row(
                    record.reference, record.type, record.unit, gap.after, gap.since, gap.until,
                    round(gap.business_days, 2), str(gap.phase),
                )  # fmt: skip
        for entry in again:
            self.sheets["reopened.csv"].row(
                record.reference, record.type, record.unit, record.zone, entry.number, entry.at, entry.actor.kind
            )
        self._moves(each)
        self.counted["requests"] += 1
        self.counted["entries"] += len(each.lines)
        self.counted["reopened"] += bool(again)

    def _moves(self, each: History) -> None:
        for entry in each.entries:
            if self.audit.since <= entry.at < self.audit.until:
                given, was = units_named(entry.body)
                actor = entry.actor
                self.sheets["moves.csv"].row(
                    each.record.reference, entry.number, entry.at, entry.kind, actor.kind, actor.id, actor.name,
                    entry.body.get("transition"), entry.body.get("source"), entry.body.get("target"), was, given,
                    entry.hash,
                )  # fmt: skip

    def close_sheets(self, procedures: Procedures) -> None:
        """Put the sheets into the archive."""
        if self.results is not None:
            for row in self.results.objective_rows():
                self.sheets["objectives.csv"].row(*row)
            for row in self.results.cause_rows():
                self.sheets["repeated.csv"].row(*row)
        for name, rows in procedures.sheets().items():
            for row in rows:
                self.sheets[name].row(*row)
        for name, sheet in self.sheets.items():
            sheet.file.flush()
            sheet.file.seek(0)
            with sheet.file as read, self.archive.open(name, "w") as place:
                written = DigestWriter(place)
                while text := read.read(65_536):
                    written.write(text.encode())
            self.note(name, written)

    def put(self, name: str, content: bytes) -> None:
        with self.archive.open(name, "w") as place:
            written = DigestWriter(place)
            written.write(content)
        self.note(name, written)

    def note(self, name: str, written: DigestWriter) -> None:
        self.files.append({"name": name, "bytes": written.size, "sha256": written.digest.hexdigest()})

    def manifest(self) -> bytes:
        """What the archive is and what is in it: what the signature holds for."""
        audit = self.audit
        said = {
            "format": FORMAT,
            "town": audit.town.code,
            "unit": audit.unit,
            "first_day": audit.first.isoformat(),
            "last_day": audit.last.isoformat(),
            "since": audit.since.isoformat(),
            "until": audit.until.isoformat(),
            "time_zone": audit.town.time_zone,
            "made_at": audit.made_at.isoformat(),
            "made_by": audit.made_by,
            "over": audit.over,
            **self.counted,
            "files": self.files,
        }
        return msgspec.json.format(as_json(said).encode(), indent=2) + b"\n"

    def sent(self) -> bytes:
        return self.sink.taken()


def _told(each: History) -> dict[str, Any]:
    """A history as the script that checks it reads it."""
    record = each.record
    return {
        "reference": record.reference,
        "request": str(record.id),
        "entries": record.entries,
        "last_hash": record.last_hash,
        "history": [line.covered for line in each.lines],
    }
