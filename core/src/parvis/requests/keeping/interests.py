"""Conflicts of interest: a request kept away from somebody of the town, by their own word or by a manager's."""

from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.keeping.obeying_interests import declared_over
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.events import Assigned
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST_WORDS = 500
ALREADY = Text(
    fr="La requête est déjà tenue à l’écart de cette personne.", en="The request is kept away from this person already."
)
NOT_KEPT = Text(
    fr="La requête n’est pas tenue à l’écart de cette personne.", en="The request is not kept away from this person."
)

DECLARED = Text(
    fr="Cette personne a déclaré ce conflit d’avance. Il prend fin sur la page des conflits d’intérêts.",
    en="This person declared this conflict ahead. It ends on the page of conflicts of interest.",
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
