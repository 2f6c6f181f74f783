"""What was found is kept once, however often it is sent; what failed is to be looked at again, and told."""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import partial

from msgspec import Struct, structs

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import bind
from parvis.requests.changing import Change, Conflict, Situation, Write, change
from parvis.requests.history import Audience
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.records import Record, as_json
from parvis_inspections.inspecting import NOT_THERE, no, said_now
from parvis_inspections.tables import InspectionResult as ResultRow
from parvis_inspections.visit_results import SubmittedResult
from parvis_inspections.visits import (
    Result,
    Visit,
    declared,
    keep_new_visit,
    keep_visit,
    new_row,
    results_of,
    settle_former,
    visits_of,
)
from parvis_sdk.days import weekday_text
from parvis_sdk.events import Happened
from parvis_sdk.inspection_rules import NOT_OPEN, failed_words, points_of
from parvis_sdk.inspections import Inspection
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

NOTHING_YET = Text(
    fr="Cette visite n’a pas encore de résultat à corriger.", en="This visit has no result to correct yet."
)
LATER = Text(
    fr="Une autre visite a été faite depuis\u00a0: son résultat remplace celui-ci.",
    en="Another visit has been made since: its result replaces this one.",
)


class KnownResult(Struct, frozen=True, kw_only=True):
    """This very sending was kept before: its result."""

    result: Result


class ResultConflict(Struct, frozen=True, kw_only=True):
    """Somebody's result is there already: whose, and what; theirs stands."""

    result: Result


async def record_result(
    host: Host,
    visit: Visit,
    reference: str,
    sent: SubmittedResult,
    *,
    key: str,
    actor: Actor,
    holder: str = "",
    corrects: int = 0,
) -> Record | KnownResult | ResultConflict | Denied | Conflict:
    """Keep what was found at a visit; its photos wait under `holder`.

    `key` is the sending's own: a repeat changes nothing. `corrects` is the number of the result that this one corrects,
    the last that the person saw; 0 for the first.
    """
    mark = mark_of(visit, key)

    async def plan(here: Situation) -> Change | KnownResult | ResultConflict | Denied:
        visits = await visits_of(here.record.id)
        now = next((each for each in visits if each.id == visit.id), None)
        part = declared(here.request_type, visit.code)
        if now is None or part is None:
            return no(NOT_THERE)
        before = (await results_of([now.id])).get(now.id, ())
        if repeated := await sent_before(visit, key):
            return KnownResult(result=repeated)
        if len(before) != corrects:
            return ResultConflict(result=before[-1]) if before else no(NOTHING_YET)
        if not before and not now.is_open:
            return no(NOT_OPEN)
        later = [each for each in visits if each.code == now.code and each.id > now.id]
        if before and any(each.done_at for each in later):
            return no(LATER)
        written = _NewResult(here=here, visit=now, part=part, sent=sent, actor=actor)
        row = written.result_row(len(before) + 1, mark)
        kept: Write = partial(insert_values, ResultRow, row)
        writes = (kept, *written.visit_writes(later), *written.bound(holder, before))
        return written.change(host, writes, corrects)

    return await change(host, reference, plan, actor=actor)


async def sent_before(visit: Visit, key: str) -> Result | None:
    """The result that was kept under this key, if one was."""
    mark = mark_of(visit, key)
    rows = await ResultRow.select(ResultRow.number).where(ResultRow.key == mark)
    if not rows:
        return None
    return next(each for each in (await results_of([visit.id]))[visit.id] if each.number == rows[0]["number"])


def mark_of(visit: Visit, key: str) -> str:
    return hashlib.sha256(f"{visit.id}\n{key}".encode("utf-8", "replace")).hexdigest()


class _NewResult(Struct, frozen=True, kw_only=True):
    """One result on its way into the database."""

    here: Situation
    visit: Visit
    part: Inspection
    sent: SubmittedResult
    actor: Actor

    def result_row(self, number: int, mark: str) -> Row:
        sent = self.sent
        return {
            "id": new_id(),
            "inspection": self.visit.id,
            "number": number,
            "key": mark,
            "outcome": sent.outcome,
            "found": as_json(sent.found),
            "words": sent.words,
            "made_at": sent.made_at,
            "kept_at": self.here.at,
            "actor_id": self.actor.id[:60],
            "actor_name": self.actor.name[:120],
        }

    def visit_writes(self, later: Sequence[Visit]) -> tuple[Write, ...]:
        """The visit as it now is, and the one that looks again at what was not in order."""
        sent, at, visit = self.sent, self.here.at, self.visit
        day = local_day(self.here.town.calendar, sent.made_at).isoformat()
        changed: Row = {"state": sent.outcome, "done_at": sent.made_at, "day": visit.day or day}
        changed |= {"notice": sent.notice, "due": sent.due, "overdue": visit.overdue and sent.due == visit.due}
        writes: list[Write] = [partial(keep_visit, visit, at, changed)]
        if sent.outcome != "missed":
            writes.append(partial(settle_former, visit))
        again = next((each for each in later if each.is_open), None)
        if sent.outcome == "passed":
            return (*writes, partial(keep_visit, again, at, {"state": "waived"})) if again else tuple(writes)
        # In vain: the same once more. Failed: what failed, as the repetition of this one.
        missed = sent.outcome == "missed"
        points = as_json(list(visit.points if missed else sent.failed))
        former = visit.former if missed else visit.id
        if again:
            return (*writes, partial(keep_visit, again, at, {"points": points, "former": former}))
        row = new_row(self.here, self.part, former=former, points=points)
        return (*writes, partial(keep_new_visit, row))

    def bound(self, holder: str, before: tuple[Result, ...]) -> tuple[Write, ...]:
        """Its photos belong to the request from now on, but for those of the result that it corrects, which do."""
        known = {photo for each in before for found in each.found.values() for photo in found.photos}
        fresh: dict[str, Audience] = dict.fromkeys(
            (each for each in self.sent.photos if each not in known), "requester"
        )
        return (partial(bind, self.here.record.id, holder, fresh),) if fresh else ()

    def change(self, host: Host, writes: tuple[Write, ...], corrects: int) -> Change:
        """A failure is told by its notice where there is one, else by itself."""
        sent, part = self.sent, self.part
        said = said_now(self.here, self.visit) | {
            "points": self.failed_words(),
            "due": weekday_text(date.fromisoformat(sent.due)) if sent.due else Text(fr=""),
            "reason": Text(fr=sent.words, en=sent.words) if sent.outcome == "missed" else Text(fr=""),
        }
        words = [sent.outcome, *(["notice"] if sent.notice else [])]
        body = {"visit": str(self.visit.id), "files": list(sent.photos), "due": sent.due}
        made = happening(
            host,
            self.here,
            {part.fact(word): said for word in words},
            actor=self.actor,
            writes=writes,
            body=body | ({"corrects": corrects} if corrects else {}),
            personal={"note": structs.asdict(self.story())},
        )
        silent = part.fact("failed") if sent.notice else ""
        events = tuple(
            structs.replace(event, tell=False) if isinstance(event, Happened) and event.fact == silent else event
            for event in made.events
        )
        return structs.replace(made, events=events)

    def failed_words(self) -> Text:
        """The points that are not in order, one a line."""
        found = self.sent.found.items()
        notes = {code: each.note for code, each in found if each.finding == "not_ok"}
        return failed_words(points_of(self.part, self.visit), notes)

    def story(self) -> Text:
        failed = self.failed_words()
        return failed.each(lambda words, _: "\n\n".join(each for each in (words, self.sent.words) if each))
