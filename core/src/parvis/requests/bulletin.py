"""What the desk has posted for a town: incidents under way. Read every few seconds, answered from memory."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db.incident_tables import IncidentWord
from parvis.db.tables import ServiceRequest
from parvis.requests.incident_matching import INSTEAD, SHORT, SHOWN, WHAT, Rule, rule_of
from parvis.requests.incident_titles import incident_title
from parvis.territory import Territory
from parvis_sdk.about import ZONES
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

UNDER_WAY = """
SELECT id, reference, jurisdiction, answers, place, submitted_at, public FROM service_request
WHERE type = 'incident' AND phase <> 'closed' AND phase <> 'decided' AND erased_at IS NULL ORDER BY id DESC"""


class Word(Struct, frozen=True, kw_only=True):
    """One announcement: what it is about and what it says, in every language of the interface."""

    id: UUID
    number: int
    title: Text
    words: Text
    by: str
    at: datetime
    closing: bool = False


class Posted(Struct, frozen=True, kw_only=True, eq=False):
    """An incident under way: its rule, what the portal does about it, and the latest word of it."""

    id: UUID
    reference: str
    what: str
    title: Text
    rule: Rule
    since: datetime
    shown: bool = False
    instead: bool = False
    short: bool = False
    word: Word | None = None


class Bulletin:
    """Lives as long as the heart; asked without waiting, by every page and by whatever takes a request in.

    What was posted by another process is known after its next look, by this one at once.
    """

    def __init__(self) -> None:
        self._incidents: dict[str, tuple[Posted, ...]] = {}

    def incidents(self, jurisdiction: str) -> tuple[Posted, ...]:
        """Those under way in a town, the newest first."""
        return self._incidents.get(jurisdiction, ())

    async def look(self, territory: Territory) -> None:
        """Read again what stands; one statement where nothing does."""
        rows = await ServiceRequest.raw(UNDER_WAY)
        words = await latest_words([row["id"] for row in rows]) if rows else {}
        found: dict[str, list[Posted]] = defaultdict(list)
        for row in rows:
            town = territory.get(row["jurisdiction"])
            if town is None:
                continue
            answers: dict[str, Any] = msgspec.json.decode(row["answers"])
            place = msgspec.json.decode(row["place"], type=Place | None) if row["place"] else None
            found[town.code].append(
                Posted(
                    id=row["id"],
                    reference=row["reference"],
                    what=str(answers.get(WHAT, "")),
                    title=incident_title(town, str(answers.get(WHAT, "")), answers.get(ZONES) or ()),
                    rule=rule_of(answers, place, row["submitted_at"], town.time_zone),
                    since=row["submitted_at"],
                    shown=bool(answers.get(SHOWN)) and row["public"],
                    instead=bool(answers.get(INSTEAD)) and row["public"],
                    short=bool(answers.get(SHORT)),
                    word=words.get(row["id"]),
                )
            )
        self._incidents = {code: tuple(those) for code, those in found.items()}


async def latest_words(incidents: list[UUID]) -> dict[UUID, Word]:
    """The last thing said of each of these incidents."""
    rows = await IncidentWord.select().where(IncidentWord.incident.is_in(incidents)).order_by(IncidentWord.number)
    return {row["incident"]: word_of(row) for row in rows}


def word_of(row: dict[str, Any]) -> Word:
    return Word(
        id=row["id"],
        number=row["number"],
        title=msgspec.json.decode(row["title"], type=Text),
        words=msgspec.json.decode(row["words"], type=Text),
        by=row["by"],
        at=row["at"],
        closing=row["closing"],
    )
