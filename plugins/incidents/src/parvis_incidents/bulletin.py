"""What the desk has posted for a town: incidents under way and notices. Read every few seconds, told from memory."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.requests.advice import Notice
from parvis.requests.announcements import Announcement
from parvis.requests.host import Host
from parvis_incidents.matching import INSTEAD, SHORT, SHOWN, WHAT, Rule, rule_of
from parvis_incidents.tables import DeskNotice, IncidentWord
from parvis_incidents.titles import FOLLOW, incident_title
from parvis_sdk.about import ZONES
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

UNDER_WAY = """
SELECT id, reference, jurisdiction, answers, place, submitted_at, public FROM service_request
WHERE type = 'incident' AND phase <> 'closed' AND phase <> 'decided' AND erased_at IS NULL ORDER BY id DESC"""
KNOWN = "SELECT DISTINCT jurisdiction FROM service_request WHERE type = 'incident'"
STANDING = """
SELECT d.jurisdiction, d.lifts, d.body FROM desk_notice d LEFT JOIN service_request r ON r.id = d.while_open
WHERE d.ended_at IS NULL AND (d.while_open IS NULL OR (r.phase <> 'closed' AND r.phase <> 'decided'))
ORDER BY d.made_at DESC, d.id DESC"""
SEEN_TO = Text(
    fr="La Ville s’en occupe. Les nouvelles paraissent sur la page de l’incident.",
    en="The town is working on it. News appears on the page of the incident.",
)


Reach = Literal["all", "now", "correction"]
"""Whom an announcement is for: whoever received an earlier one and whoever joined since; only those whom the incident
concerns now; or, as a correction, the first of these and those of them who have stopped messages since."""


class Word(Announcement, frozen=True, kw_only=True):
    """What was announced of an incident: the how-manieth it is, by whom, and for whom."""

    number: int
    by: str
    at: datetime
    closing: bool = False
    reach: Reach = "all"


class PostedIncident(Struct, frozen=True, kw_only=True, eq=False):
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
    """Lives as long as the host; asked without waiting, by every page and by whatever takes a request in.

    What was posted by another process is known after its next look, by this one at once.
    """

    def __init__(self) -> None:
        self._incidents: dict[str, tuple[PostedIncident, ...]] = {}
        self._notices: dict[str, tuple[Notice, ...]] = {}
        self._lifted: dict[str, frozenset[str]] = {}
        self._known: frozenset[str] = frozenset()

    def incidents(self, jurisdiction: str) -> tuple[PostedIncident, ...]:
        """Those under way in a town, the newest first."""
        return self._incidents.get(jurisdiction, ())

    def has_known(self, jurisdiction: str) -> bool:
        """Whether a town has had incidents at all: in others nobody needs to ask what belongs to one."""
        return jurisdiction in self._known

    def notices(self, jurisdiction: str) -> tuple[Notice, ...]:
        """Notices from the desk and of incidents that the portal is to show, the newest first."""
        return self._notices.get(jurisdiction, ())

    def lifted(self, jurisdiction: str) -> frozenset[str]:
        """The codes of notices in the files of a town that the desk has lifted."""
        return self._lifted.get(jurisdiction, frozenset())

    async def look(self, jurisdictions: Jurisdictions) -> None:
        """Read again what stands; three statements where no incident does."""
        self._known = frozenset(row["jurisdiction"] for row in await ServiceRequest.raw(KNOWN))
        rows = await ServiceRequest.raw(UNDER_WAY)
        words = await latest_words([row["id"] for row in rows]) if rows else {}
        found: dict[str, list[PostedIncident]] = defaultdict(list)
        for row in rows:
            town = jurisdictions.get(row["jurisdiction"])
            if town is None:
                continue
            answers: dict[str, Any] = msgspec.json.decode(row["answers"])
            place = msgspec.json.decode(row["place"], type=Place | None) if row["place"] else None
            found[town.code].append(
                PostedIncident(
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
        await self._look_at_notices(jurisdictions)

    async def _look_at_notices(self, jurisdictions: Jurisdictions) -> None:
        notices: dict[str, list[Notice]] = defaultdict(list)
        lifted: dict[str, set[str]] = defaultdict(set)
        for code, posted in self._incidents.items():
            notices[code] += [notice_of(jurisdictions.by_code[code], one) for one in posted if one.shown]
        for row in await DeskNotice.raw(STANDING):
            if row["lifts"]:
                lifted[row["jurisdiction"]].add(row["lifts"])
            else:
                notices[row["jurisdiction"]].append(msgspec.json.decode(row["body"], type=Notice))
        self._notices = {code: tuple(those) for code, those in notices.items()}
        self._lifted = {code: frozenset(those) for code, those in lifted.items()}


def notice_of(town: Jurisdiction, posted: PostedIncident) -> Notice:
    """What the portal says of an incident, in the sectors that it touches."""
    area = posted.rule.area
    touched = tuple(zone.code for zone in town.zones if area is not None and area.touches(zone.geometry))
    return Notice(
        code=f"incident-{posted.reference.lower()}",
        title=posted.title,
        text=posted.word.words if posted.word else SEEN_TO,
        types=posted.rule.types,
        zones=tuple(dict.fromkeys((*posted.rule.zones, *touched))),
        time_zone=town.time_zone,
        follow=posted.reference,
        follow_words=FOLLOW,
    )


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
        urgency=row["urgency"] or "normal",
        reach=row["reach"] or "all",
    )


async def reread(host: Host) -> None:
    """What stands in every town, for this process."""
    await host.of(Bulletin).look(host.jurisdictions)
