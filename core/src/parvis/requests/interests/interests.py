"""Conflicts of interest: a request kept away from somebody of the town, by their own word or by a manager's.

What was written on requests is listed for the person in charge of privacy, who need not see the requests themselves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from parvis.db.tables import Entry
from parvis.reach import KEPT, kept_from
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.interests.obeying_interests import declared_over
from parvis.requests.lists.cursors import before_latest, page_of_latest
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.events import Assigned
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST_WORDS, MOST_LINES = 500, 50
# In the words of the index. What was declared ahead stands in the list of declarations, with its reason.
WRITTEN = f"""
SELECT e.id, e.at, e.kind, e.actor_name, e.body, e.personal, r.reference
FROM entry e JOIN service_request r ON r.id = e.request
WHERE e.kind IN ('kept_away', 'let_back') AND e.body NOT LIKE '%"declared"%'
AND r.jurisdiction = {{}} AND r.id NOT IN ({KEPT}) AND (e.at < {{}} OR (e.at = {{}} AND e.id < {{}}))
ORDER BY e.at DESC, e.id DESC LIMIT {MOST_LINES + 1}"""  # noqa: S608 - ours
ALREADY = Text(
    fr="L’accès à la requête est déjà retiré à cette personne.",
    en="Access to the request is already withdrawn from this person.",
)
NOT_KEPT = Text(
    fr="L’accès à la requête n’est pas retiré à cette personne.",
    en="Access to the request is not withdrawn from this person.",
)

DECLARED = Text(
    fr="Cette personne a déclaré ce conflit d’avance. Il prend fin sur la page des conflits d’intérêts.",
    en="This person declared this conflict ahead. It ends on the page of conflicts of interest.",
)


class WrittenConflict(Struct, frozen=True, kw_only=True):
    """A conflict written on one request, or its end (`back`): about whom, by whom and why; erasure takes the reason."""

    at: datetime
    reference: str
    name: str
    by: str
    back: bool
    reason: str


async def written_conflicts(
    jurisdiction: str, cursor: str = "", *, reader: str = ""
) -> tuple[tuple[WrittenConflict, ...], str]:
    """Conflicts written on requests of a town, the latest first, a page of them, and where the next page begins.

    What is kept from the reader by a conflict of their own is left out.
    """
    found = await Entry.raw(WRITTEN, jurisdiction, kept_from(reader), *before_latest(cursor))
    rows, after = page_of_latest(found, MOST_LINES)
    return tuple(_written(row) for row in rows), after


def _written(row: Mapping[str, Any]) -> WrittenConflict:
    return WrittenConflict(
        at=row["at"],
        reference=row["reference"],
        name=msgspec.json.decode(row["body"]).get("name", ""),
        by=row["actor_name"],
        back=row["kind"] == "let_back",
        reason=msgspec.json.decode(row["personal"]).get("words", "") if row["personal"] else "",
    )


async def keep_away(
    heart: Heart, reference: str, agent: str, name: str, reason: str, *, actor: Actor
) -> Record | Denied | Conflict:
    """Keep a request from somebody on every page, list, figure and search; whoever holds it holds it no more."""

    async def plan(here: Situation) -> Change | Denied:
        was = here.record
        if agent in was.kept_from:
            return Denied(code="not_possible", reason=ALREADY)
        columns = {"kept_from": tuple(sorted({*was.kept_from, agent}))}
        line = _line("kept_away", agent, name, reason)
        if str(was.assignee) != agent:
            return Change(line=line, columns=columns)
        gone = Assigned(**here.about(actor), unit=was.unit)
        return Change(line=line, columns={**columns, "assignee": None}, events=(gone,))

    return await change(heart, reference, plan, actor=actor)


async def let_back(
    heart: Heart, reference: str, agent: str, name: str, reason: str, *, actor: Actor
) -> Record | Denied | Conflict:
    """What their roles give them over the request is theirs again."""

    async def plan(here: Situation) -> Change | Denied:
        if agent not in here.record.kept_from:
            return Denied(code="not_possible", reason=NOT_KEPT)
        if await declared_over(here.town, here.kind, here.record, agent):
            return Denied(code="not_possible", reason=DECLARED)
        left = tuple(each for each in here.record.kept_from if each != agent)
        return Change(line=_line("let_back", agent, name, reason), columns={"kept_from": left})

    return await change(heart, reference, plan, actor=actor)


def _line(kind: str, agent: str, name: str, reason: str) -> Line:
    words = clean(reason).strip()[:MOST_WORDS]
    return Line(kind=kind, audience="internal", body={"agent": agent, "name": name}, personal={"words": words})
