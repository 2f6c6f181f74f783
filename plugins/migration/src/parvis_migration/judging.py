"""What one row of a file becomes: a request of the past with its findings, or why it cannot be taken in."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.places import locate
from parvis.requests.clocks.clocks import due
from parvis.requests.host import Host
from parvis.requests.lifecycle import retention_due_after
from parvis.requests.offered import types_of
from parvis.requests.places import misplaced
from parvis_migration.attached import OldFiles, files_of
from parvis_migration.dates import is_month_only, read_moment
from parvis_migration.findings import Finding, found
from parvis_migration.fingerprints import PARTS, changed_parts, fingerprint_of, with_parts
from parvis_migration.importing import UNKNOWN, ImportedRequest, Step, read_past
from parvis_migration.journal import OldNote, read_journal
from parvis_migration.linking import has_links, links_of
from parvis_migration.mapping import FieldMapping, state_for, word_for
from parvis_migration.origins import Origin, key_of, sought_as
from parvis_migration.projections import Point, in_degrees
from parvis_migration.rows import Row
from parvis_migration.sources import Source
from parvis_sdk.fields import LongText, Sensitivity
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType, Submission
from parvis_sdk.requests import Phase, Place
from parvis_sdk.workflow import State

LONGEST_NUMBER = 100
NOTHING = 1e-6  # degrees, or metres
AHEAD = timedelta(days=1)  # clocks of old systems go wrong, by less than that
Outcome = Literal["new", "same", "changed", "differs", "touched", "duplicate", "left_out", "refused"]
"""`same` is there already, `changed` is there with other content of which something is taken over, `differs` with
other content alone that is not, `touched` was worked on here since; `duplicate` stands earlier in the file, `left_out`
is of a type that the mapping leaves out."""
COLUMNS = {"ended": ("closed",), "place": ("lon", "lat", "address"), "contact": ("name", "email", "phone")}
"""In which columns a part of a row stands; elsewhere in the one of its name."""


class PastRequest(Struct, frozen=True, kw_only=True):
    """What a row becomes."""

    request: ImportedRequest
    submission: Submission
    request_type: RequestType
    state: State
    since: datetime  # when it came to that state
    unit: str = ""
    notes: tuple[str, ...] = ()
    journal: tuple[OldNote, ...] = ()  # notes with their dates, and those of the same cells without one
    files: tuple[str, ...] = ()  # as its cells call them; each is there
    fingerprint: str = ""

    @property
    def closed_at(self) -> datetime | None:
        ended = self.state.phase is Phase.CLOSED
        return (self.request.steps[-1].at if self.request.steps else self.request.submitted_at) if ended else None

    @property
    def destroyed_at(self) -> datetime | None:
        """When its retention is over."""
        return retention_due_after(self.request_type, self.closed_at) if self.closed_at else None


class Judged(Struct, frozen=True, kw_only=True):
    """What becomes of one row."""

    line: int
    number: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    past: PastRequest | None = None


class Judge:
    """Reads rows by one mapping for one town. What it takes is what an import takes in."""

    def __init__(
        self,
        host: Host,
        town: Jurisdiction,
        mapping: FieldMapping,
        source: Source,
        old_files: OldFiles | None = None,
    ) -> None:
        self.old_files = old_files
        self.host, self.town, self.mapping, self.source = host, town, mapping, source
        self.origins: Mapping[str, Origin] = {}  # of the rows that are judged next
        self.types = {each.code: each for each in types_of(host, town)}
        self.zone = mapping.time_zone or town.time_zone
        self.latest = clock.now() + AHEAD
        self.here: Mapping[str, str] = {}  # numbers that came in before, by how the ones of these rows are sought
        self.seen: dict[str, int] = {}  # what stands for the row of each number
        self.spellings: dict[str, str] = {}  # the first number of each way of seeking one

    @cached_property
    def crowded(self) -> frozenset[Point]:
        """Points at which so many requests lie that a machine has put them there."""
        most = self.mapping.most_at_one_point
        points = Counter(point for _, row in self.source.rows if (point := self._raw_point(row)))
        return frozenset(point for point, number in points.items() if most and number > most)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of all rows."""
        return frozenset(self.number_of(row) for _, row in self.source.rows)

    def keys_of(self, row: Row) -> set[str]:
        """By what its request is known, and those of the requests that it names."""
        linked = (link.other for link in links_of(row, self.number_of(row), self.mapping))
        return {self.key_of(row), *map(self._key, linked)}

    def judge(self, line: int, row: Row) -> Judged:
        """One row, on its own and beside those before it."""
        number = self.number_of(row)
        aside = self._put_aside(row, number)
        if aside is not None:
            outcome, code = aside
            told = (self._found(row, "type" if outcome == "left_out" else "number", code),)
            return Judged(line=line, number=number, outcome=outcome, findings=told)
        findings = self._other_spelling(number)
        request_type = self.types.get(word_for(self.mapping.types, self._cell(row, "type")) or "")
        if request_type is None:
            findings.append(self._found(row, "type", "no_type"))
        state = self._state(row, request_type, findings)
        times = self._times(row, state, findings)
        past = None
        if request_type is not None and state is not None and times is not None:
            past = self._past(row, number, request_type, state, times, findings)
        if past is None or any(each.severe for each in findings):
            return Judged(line=line, number=number, outcome="refused", findings=tuple(findings))
        outcome, past = self._beside_what_is_there(row, past, findings)
        return Judged(line=line, number=number, outcome=outcome, findings=tuple(findings), past=past)

    def number_of(self, row: Row) -> str:
        """Its number in the old system."""
        return self._cell(row, "number")[:LONGEST_NUMBER]

    def key_of(self, row: Row) -> str:
        """By what its request is known, if it came in before."""
        return self._key(self.number_of(row))

    def _key(self, number: str) -> str:
        return key_of(self.town, self.mapping.source, number)

    def reference_of(self, judged: Judged) -> str:
        """The request that its row has become before; empty where it has not."""
        origin = self.origins.get(self._key(judged.number))
        return origin.reference if origin and judged.outcome not in ("duplicate", "left_out") else ""

    def _beside_what_is_there(
        self, row: Row, past: PastRequest, findings: list[Finding]
    ) -> tuple[Outcome, PastRequest]:
        """Whether a row is new, or what became of it since it was brought in; with what is to be known of it then."""
        origin = self.origins.get(self._key(past.request.key))
        if origin is None:
            return "new", past
        if origin.is_erased or origin.fingerprint == past.fingerprint:
            return "same", past
        if origin.type != past.request_type.code:
            findings.append(found("other_type", column=self.mapping.columns.type, value=past.request_type.code))
            return "touched", past
        if origin.is_touched:
            findings.append(found("touched"))
            return "touched", past
        changed = changed_parts(origin.fingerprint, past.fingerprint)
        taken = changed & {"words", "state", *(("ended",) if "state" in changed else ())}
        findings += [self._left(row, part) for part in PARTS if part in changed - taken]
        known = with_parts(origin.fingerprint, past.fingerprint, taken)
        return "changed" if taken else "differs", msgspec.structs.replace(past, fingerprint=known)

    def _left(self, row: Row, part: str) -> Finding:
        """A part of a row that changed and is not taken over."""
        uses = COLUMNS.get(part, ("channel" if part == "entry" else part,))
        columns = [name for use in uses if (name := getattr(self.mapping.columns, use))]
        value = ", ".join(row[name] for name in columns if row.get(name))
        return found(f"left_{part}", column=", ".join(columns), value=value)

    def _put_aside(self, row: Row, number: str) -> tuple[Outcome, str] | None:
        """Why nothing more of a row is looked at."""
        if not number:
            return "refused", "no_number"
        mark = hash(tuple(row.items()))
        if number in self.seen:
            return "duplicate", "twice" if self.seen[number] == mark else "twice_otherwise"
        self.seen[number] = mark
        return ("left_out", "left_out") if word_for(self.mapping.types, self._cell(row, "type")) == "" else None

    def is_late(self, past: PastRequest) -> bool:
        """Whether an open request is past the day that its type would have promised."""
        level = past.request_type.promise(past.request.answers)
        if level is None or past.state.phase in (Phase.DECIDED, Phase.CLOSED):
            return False
        return due(level, self.town.calendar, past.request.submitted_at) < clock.now()

    def _cell(self, row: Row, use: str) -> str:
        return row.get(getattr(self.mapping.columns, use), "")

    def _found(self, row: Row, use: str, code: str) -> Finding:
        column = getattr(self.mapping.columns, use)
        return found(code, column=column, value=row.get(column, ""))

    def _state(self, row: Row, request_type: RequestType | None, findings: list[Finding]) -> State | None:
        if request_type is None:
            return None
        if not self.mapping.columns.state:
            return state_for(request_type, "closed" if self._cell(row, "closed") else "received")
        word = word_for(self.mapping.states, self._cell(row, "state"))
        state = state_for(request_type, word) if word else None
        if state is None:
            findings.append(self._found(row, "state", "no_state"))
        return state

    def _times(self, row: Row, state: State | None, findings: list[Finding]) -> tuple[datetime, datetime] | None:
        """When it came in, and when it came to its state."""
        submitted = self._moment(row, "submitted", findings)
        if submitted is None:
            if not self._cell(row, "submitted"):
                findings.append(self._found(row, "submitted", "no_date"))
            return None
        last = self._moment(row, "closed", findings) if state and state.phase is Phase.CLOSED else None
        if state and state.phase is Phase.CLOSED and not self._cell(row, "closed"):
            findings.append(self._found(row, "closed", "closed_when"))
        last = last or self._moment(row, "updated", findings) or submitted
        if last < submitted:
            findings.append(self._found(row, "closed" if self._cell(row, "closed") else "updated", "backwards"))
            last = submitted
        return submitted, last

    def _moment(self, row: Row, use: str, findings: list[Finding]) -> datetime | None:
        typed = self._cell(row, use)
        if not typed:
            return None
        moment = read_moment(typed, self.zone, day_first=self.mapping.day_first)
        if moment is None:
            findings.append(self._found(row, use, "no_moment"))
        elif moment > self.latest:
            findings.append(self._found(row, use, "future"))
            return None
        elif is_month_only(typed):
            findings.append(self._found(row, use, "month_only"))
        return moment

    def _past(
        self,
        row: Row,
        number: str,
        request_type: RequestType,
        state: State,
        times: tuple[datetime, datetime],
        findings: list[Finding],
    ) -> PastRequest | None:
        submitted, last = times
        place = self._place(row, request_type, findings)
        answers, notes = self._answers(row, request_type)
        at_first = state.code == request_type.workflow.initial.code
        request = ImportedRequest(
            key=number,
            type=request_type.code,
            submitted_at=submitted,
            language=self.mapping.language,
            channel=self._channel(row),
            answers=answers,
            place=place,
            requester=self._requester(row, request_type),
            steps=() if at_first else (Step(at=last, state=state.code),),
        )
        read = read_past(self.host, self.town, request_type, request)
        if isinstance(read, Problems):
            request, dropped = self._without_what_is_wrong(request, read)
            findings += dropped
            notes += tuple(f"{each.column}\u00a0: {each.value}" for each in dropped if each.value)
            read = read_past(self.host, self.town, request_type, request)
        if isinstance(read, Problems):
            findings += [found("unreadable", column=each.path, value="", said=each.message) for each in read.found]
            return None
        unit = word_for(self.mapping.units, self._cell(row, "unit")) or ""
        journal = self._journal(row, submitted)
        findings += self._lost_links(row, number)
        files, lacking = files_of(row, self.mapping.columns.files, self.old_files)
        findings += lacking
        words = (request.answers, notes, *((journal, files) if journal or files else ()))
        parts = {
            "submitted": submitted,
            "ended": last if state.phase is Phase.CLOSED else None,
            "state": state.code,
            "words": words,
            "place": request.place,
            "unit": unit,
            "contact": request.requester,
            "entry": (request.channel, request.language),
        }
        return PastRequest(
            request=request,
            submission=read,
            request_type=request_type,
            state=state,
            since=last,
            unit=unit,
            notes=notes,
            journal=journal,
            files=tuple(files),
            fingerprint=fingerprint_of(parts),
        )

    def _without_what_is_wrong(
        self, request: ImportedRequest, problems: Problems
    ) -> tuple[ImportedRequest, list[Finding]]:
        """The request without answers and contacts that its form does not take: they become a note."""
        answers, requester = dict(request.answers), dict(request.requester or {})
        told = []
        for each in problems.found:
            room, _, name = each.path.partition(".")
            column = self.mapping.answers.get(name, "") or getattr(self.mapping.columns, name, "")
            given = {"answers": answers, "requester": requester}.get(room, {})
            value = given.pop(name.partition(".")[0], None)
            told.append(found("dropped", column=str(column), value=str(value or ""), said=each.message))
        requester |= {} if "name" in requester else {"mode": UNKNOWN}
        requester = requester if requester.keys() - {"mode"} else {}
        return msgspec.structs.replace(request, answers=answers, requester=requester or None), told

    def _answers(self, row: Row, request_type: RequestType) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The answers of the form, and what has no place in it: notes for the people of the town."""
        fields = {field.code: field for field in request_type.form.fields()}
        answers: dict[str, Any] = {
            code: row[column] for code, column in self.mapping.answers.items() if code in fields and row.get(column)
        }
        words = "\n\n".join(dict.fromkeys(row[name] for name in self.mapping.columns.words if row.get(name)))
        notes = [f"{name}\u00a0: {row[name]}" for name in self.mapping.columns.notes if row.get(name)]
        field = next(
            (
                each
                for each in fields.values()
                if isinstance(each, LongText) and each.privacy.sensitivity is not Sensitivity.SENSITIVE
            ),
            None,
        )
        if words and field and field.code not in answers and field.min_length <= len(words) <= field.max_length:
            answers[field.code] = words
        elif words:
            notes.insert(0, words)
        return answers, tuple(notes)

    def _lost_links(self, row: Row, number: str) -> list[Finding]:
        """Numbers that nothing in the file has, nor anything that came in before; and that of the row itself."""
        told = []
        for link in links_of(row, number, self.mapping) if has_links(self.mapping) else ():
            if link.other == number:
                told.append(found("link_to_itself", column=link.column, value=link.other))
            elif link.other not in self.numbers and self._key(link.other) not in self.origins:
                told.append(found("no_link", column=link.column, value=link.other))
        return told

    def _other_spelling(self, number: str) -> list[Finding]:
        """Of a number that is there with other marks or capitals: the one that was there first."""
        other = self.spellings.setdefault(sought_as(number), number)
        if other == number:
            other = self.here.get(sought_as(number), number)
        return [found("spelled_otherwise", column=self.mapping.columns.number, value=other)] if other != number else []

    def _journal(self, row: Row, submitted: datetime) -> tuple[OldNote, ...]:
        cells = [row[name] for name in self.mapping.columns.journal if row.get(name)]
        day_first = self.mapping.day_first
        read = (
            read_journal(cell, self.zone, day_first=day_first, earliest=submitted, latest=clock.now()) for cell in cells
        )
        return tuple(note for notes in read for note in notes)

    def _channel(self, row: Row) -> Any:
        return word_for(self.mapping.channels, self._cell(row, "channel")) or "counter"

    def _requester(self, row: Row, request_type: RequestType) -> dict[str, Any] | None:
        given = {use: self._cell(row, use) for use in ("name", "email", "phone")}
        given = {use: value for use, value in given.items() if value}
        if not given:
            return None
        modes = ("named", "confidential") if "name" in given else ()
        return given | {"mode": next((each for each in modes if each in request_type.identity.modes), UNKNOWN)}

    def _place(self, row: Row, request_type: RequestType, findings: list[Finding]) -> dict[str, Any] | None:
        address = " ".join(self._cell(row, "address").split())[:200]
        place: dict[str, Any] = {"address": address} if address else {}
        point = self._point(row, request_type, findings)
        if point:
            place |= {"lon": point[0], "lat": point[1]}
        return place or None

    def _raw_point(self, row: Row) -> Point | None:
        try:
            x, y = (float(self._cell(row, use).replace(",", ".")) for use in ("lon", "lat"))
        except ValueError:
            return None
        return (x, y)

    def _point(self, row: Row, request_type: RequestType, findings: list[Finding]) -> Point | None:
        """The point of a row, where it means something."""
        if not (self._cell(row, "lon") or self._cell(row, "lat")):
            return None
        raw = self._raw_point(row)
        point = in_degrees(*raw, self.mapping.projection) if raw else None
        code = "no_point" if raw is None or point is None else self._doubt(raw, point, request_type)
        if point is not None and not code:
            return round(point[0], 7), round(point[1], 7)
        value = f"{self._cell(row, 'lon')}, {self._cell(row, 'lat')}"
        findings.append(found(code, column=self.mapping.columns.lon, value=value))
        return None

    def _doubt(self, raw: Point, point: Point, request_type: RequestType) -> str:
        """Why a point cannot be where something is; nothing where it can."""
        if abs(raw[0]) < NOTHING and abs(raw[1]) < NOTHING:
            return "zero_point"
        if raw in self.crowded:
            return "crowded_point"
        if not locate(self.town, *point).inside:
            return "outside_refused" if self.mapping.outside == "refuse" else "outside"
        return "not_ours" if misplaced(self.town, request_type, Place(lon=point[0], lat=point[1])) else ""
