"""Incidents of a town: requests that the town makes of itself, with what was said of each and what belongs to it."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.records import Record, find, record_of
from parvis_incidents.bulletin import Bulletin, Word, latest_words, word_of
from parvis_incidents.matching import INCIDENT, WHAT, Rule, rule_of
from parvis_incidents.tables import IncidentRequest, IncidentWord
from parvis_incidents.titles import incident_title
from parvis_sdk.about import ZONES
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

IN_ONE = """
SELECT i.id, i.reference, i.answers, i.phase, ir.state, ir.how FROM incident_request ir
JOIN service_request i ON i.id = ir.incident WHERE ir.request = {} ORDER BY i.id DESC"""


OPEN_FIRST = """SELECT * FROM service_request WHERE jurisdiction = {} AND type = {} ORDER BY
CASE WHEN phase <> 'closed' AND phase <> 'decided' AND erased_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT {}"""


class Incident(Struct, frozen=True, kw_only=True, eq=False):
    """An incident with its rule and what was said of it."""

    record: Record
    title: Text
    rule: Rule
    words: tuple[Word, ...] = ()

    @property
    def is_open(self) -> bool:
        return is_open(self.record.phase, self.record.erased_at)


class IncidentMembership(Struct, frozen=True, kw_only=True):
    """An incident that a request belongs to, or was taken out of."""

    reference: str
    title: Text
    is_in: bool
    is_open: bool
    by_rule: bool
    word: Word | None = None


def is_open(phase: str, erased_at: datetime | None) -> bool:
    """Whether an incident still attracts requests."""
    return phase not in (Phase.CLOSED, Phase.DECIDED) and erased_at is None


def read_rule(town: Jurisdiction, record: Record) -> Rule:
    return rule_of(record.answers, record.place, record.submitted_at, town.time_zone)


def title_of(town: Jurisdiction, record: Record) -> Text:
    return incident_title(town, str(record.answers.get(WHAT, "")), record.answers.get(ZONES) or ())


async def incident(host: Host, town: Jurisdiction, reference: str) -> Incident | None:
    """One incident of a town by its reference, whole; two statements."""
    record = await find(host, reference)
    if record is None or record.type != INCIDENT or record.jurisdiction != town.code:
        return None
    return _incident(town, record, await words_said(record))


async def words_said(record: Record) -> tuple[Word, ...]:
    """What was announced of an incident, the oldest first; one statement."""
    rows = await IncidentWord.select().where(IncidentWord.incident == record.id).order_by(IncidentWord.number)
    return tuple(word_of(row) for row in rows)


async def incidents_of(host: Host, town: Jurisdiction, *, most: int = 50) -> tuple[Incident, ...]:
    """Those of a town, open ones and the newest first; one statement."""
    rows = await ServiceRequest.raw(OPEN_FIRST, town.code, INCIDENT, most)
    return tuple(_incident(town, record_of(row), ()) for row in rows)


def _incident(town: Jurisdiction, record: Record, words: tuple[Word, ...]) -> Incident:
    return Incident(record=record, title=title_of(town, record), rule=read_rule(town, record), words=words)


async def incidents_with(host: Host, town: Jurisdiction, request: UUID) -> tuple[IncidentMembership, ...]:
    """Those that a request belongs to or was taken out of, the newest first; at most two statements."""
    if not host.of(Bulletin).has_known(town.code):
        return ()
    rows = await IncidentRequest.raw(IN_ONE, request)
    words = await latest_words([row["id"] for row in rows]) if rows else {}
    found = []
    for row in rows:
        answers = msgspec.json.decode(row["answers"])
        found.append(
            IncidentMembership(
                reference=row["reference"],
                title=incident_title(town, str(answers.get(WHAT, "")), answers.get(ZONES) or ()),
                is_in=row["state"] == "in",
                is_open=is_open(row["phase"], None),
                by_rule=row["how"] == "rule",
                word=words.get(row["id"]),
            )
        )
    return tuple(found)
