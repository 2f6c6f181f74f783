"""The mandates of a request: somebody who speaks for somebody else, of which kind, until when, by which proof."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from uuid import UUID

from msgspec import Struct

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_mandates.tables import Mandate as MandateRow
from parvis_sdk.cleaning import clean
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

ADDED, ENDED = "mandate_added", "mandate_ended"
MOST = 12  # mandates of one request, ended ones too
LONGEST = {"name": 120, "email": 254, "phone": 30, "represented": 120, "until": 10, "proof": 300}
KINDS: Mapping[str, Text] = {
    "procuration": Text(fr="procuration", en="power of attorney"),
    "parent": Text(fr="parent ou tuteur", en="parent or guardian"),
    "incapacity": Text(fr="mandataire d’une personne inapte", en="mandatary of an incapacitated person"),
    "lawyer": Text(fr="avocat ou notaire", en="lawyer or notary"),
    "business": Text(fr="représentant d’une entreprise", en="representative of a business"),
}
OPEN_ENDED = Text(fr="sans date de fin", en="no end date")
WRONG: Mapping[str, Text] = {
    "name": Text(fr="Inscrivez le nom de la personne mandataire.", en="Enter the representative’s name."),
    "represented": Text(
        fr="Inscrivez le nom de la personne représentée.", en="Enter the name of the person represented."
    ),
    "kind": Text(fr="Choisissez le type de mandat.", en="Choose the type of mandate."),
    "until": Text(
        fr="Choisissez une date à venir, ou laissez la case vide.", en="Choose a future date, or leave it empty."
    ),
    "proof": Text(fr="Inscrivez la preuve que vous avez vue.", en="Enter the proof that you saw."),
    "reach": Text(fr="Ce numéro de téléphone n’est pas complet.", en="This phone number is not complete."),
    "most": Text(
        fr="Cette requête a atteint le maximum de douze mandats.",
        en="This request has reached the maximum of twelve mandates.",
    ),
}


class Mandate(Struct, frozen=True, kw_only=True):
    """Who speaks for whom; `until` is the last day, none without an end; `ended_at` where somebody has ended it."""

    id: UUID
    kind: str
    name: str
    email: str
    phone: str
    represented: str
    until: date | None
    proof: str
    seen_by: str
    made_at: datetime
    ended_at: datetime | None
    ended_by: str

    @property
    def kind_title(self) -> Text:
        return KINDS.get(self.kind, Text(fr=self.kind))

    def ended_on(self, town: Jurisdiction, now: datetime) -> date | None:
        """The day on which it ended, by its term or by somebody's word; None while it stands."""
        word = local_day(town.calendar, self.ended_at) if self.ended_at is not None else None
        term = self.until if self.until is not None and self.until < local_day(town.calendar, now) else None
        return min((day for day in (word, term) if day is not None), default=None)

    def had_ended(self, town: Jurisdiction, at: datetime) -> bool:
        """Whether it was over at that moment."""
        by_term = self.until is not None and self.until < local_day(town.calendar, at)
        return by_term or (self.ended_at is not None and self.ended_at <= at)

    def is_of(self, person: Requester | None) -> bool:
        """Whether a person is the representative: by address, by number or, without either, by name."""
        if person is None:
            return False
        if self.email and person.email.strip().lower() == self.email:
            return True
        if self.phone and person.phone == self.phone:
            return True
        return fold(person.name).strip() == fold(self.name).strip()


async def mandates_of(record: Record) -> tuple[Mandate, ...]:
    """Every mandate of a request, the latest first; one statement."""
    table = MandateRow
    rows = await table.select().where(table.request == record.id).order_by(table.made_at, table.id, ascending=False)
    return tuple(mandate_of(row) for row in rows)


def mandate_of(row: Row) -> Mandate:
    """One mandate out of its row."""
    names = [name for name in Mandate.__struct_fields__ if name != "until"]
    return Mandate(
        until=date.fromisoformat(row["until"]) if row["until"] else None, **{name: row[name] for name in names}
    )


async def add_mandate(
    host: Host, reference: str, given: Mapping[str, str], *, actor: Actor
) -> Record | Problems | Conflict:
    """Write that somebody speaks for somebody else; `actor` is who saw the proof."""

    async def plan(here: Situation) -> Change | Problems:
        row = _row_of(given, local_day(here.town.calendar, here.at))
        if isinstance(row, Problems):
            return row
        if await MandateRow.count().where(MandateRow.request == here.record.id) >= MOST:
            return _problems("most")
        row |= {"id": new_id(), "request": here.record.id, "seen_by": actor.name[:120], "made_at": here.at}
        row |= {"ended_at": None, "ended_by": "", "logged_to": here.at}
        return Change(
            line=Line(kind=ADDED, audience="internal", body={"kind": row["kind"], "until": row["until"]}),
            writes=(partial(insert_values, MandateRow, row),),
        )

    return await change(host, reference, plan, actor=actor)


def _row_of(given: Mapping[str, str], today: date) -> Row | Problems:
    said = {name: " ".join(clean(given.get(name, "")).split())[:most] for name, most in LONGEST.items()}
    kind, phone = given.get("kind", ""), number_of(said["phone"])
    lacking = [name for name in ("name", "represented", "proof") if not said[name]]
    lacking += ["kind"] if kind not in KINDS else []
    lacking += ["until"] if said["until"] and not _is_to_come(said["until"], today) else []
    lacking += ["phone"] if said["phone"] and not phone else []
    if lacking:
        return _problems(*lacking)
    return {**said, "kind": kind, "email": said["email"].lower(), "phone": phone}


def number_of(typed: str) -> str:
    """A number in E.164 form, as contacts keep it; empty where it is none."""
    digits = re.sub(r"\D", "", typed)
    if typed.strip().startswith("+") and 8 <= len(digits) <= 15:
        return f"+{digits}"
    return f"+1{digits[-10:]}" if len(digits) == 10 or (len(digits) == 11 and digits[0] == "1") else ""


def _is_to_come(typed: str, today: date) -> bool:
    try:
        return date.fromisoformat(typed) >= today
    except ValueError:
        return False


def _problems(*names: str) -> Problems:
    """What is wrong, each at its box."""
    paths = {"most": "mandate-name"}
    words = {"phone": WRONG["reach"]}
    return Problems(
        found=tuple(
            Problem(path=paths.get(name, f"mandate-{name}"), code="required", message=words.get(name) or WRONG[name])
            for name in names
        )
    )


async def end_mandate(host: Host, reference: str, id: UUID, *, actor: Actor) -> Record | Conflict | None:
    """Write that a mandate ends now; None where it has been ended already."""

    async def plan(here: Situation) -> Change | None:
        table = MandateRow
        standing = (table.id == id) & (table.request == here.record.id) & table.ended_at.is_null()
        rows = await table.select().where(standing)
        if not rows:
            return None
        ended: Row = {"ended_at": here.at, "ended_by": actor.name[:120]}
        return Change(
            line=Line(kind=ENDED, audience="internal", body={"kind": rows[0]["kind"]}),
            writes=(partial(_end, id, ended),),
        )

    return await change(host, reference, plan, actor=actor)


async def _end(id: UUID, ended: Row) -> None:
    await MandateRow.update(ended).where(MandateRow.id == id)
