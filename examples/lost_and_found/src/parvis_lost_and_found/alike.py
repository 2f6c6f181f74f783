"""A panel of the desk with things like this one, and how many are kept, which is counted each morning."""

from collections import Counter
from datetime import time, timedelta

from parvis_lost_and_found.matching import looked_for
from parvis_lost_and_found.theme import DAYS_KEPT
from parvis_sdk.chores import Chore, Daily, Done
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content, Fact, Facts, RequestReference, Table
from parvis_sdk.finding import Scope
from parvis_sdk.panels import Panel
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

BOTH = Scope(types=("lost_thing", "found_thing"), answers=("sort", "colour"), place=True)
COUNTED = Scope(types=("found_thing",), answers=("sort",))
ALIKE = Text(fr="Objets semblables tout près", en="Things like it near by")
REQUEST = Text(fr="Requête", en="Request")
DAY = Text(fr="Jour", en="Day")
KEPT = Text(fr="Objets du même genre gardés ce matin", en="Things of its kind kept this morning")


async def show(request: ServiceRequest, connection: Connection) -> tuple[Content, ...]:
    """Links to what is of the same sort and colour near by, as far as the reader may see it."""
    found = await connection.finder.find(**looked_for(request))
    kept = connection.remembered.get("kept", {}).get(str(request.answers.get("sort", "")), 0)
    facts = Facts(rows=(Fact(label=KEPT, value=kept),))
    rows = tuple((RequestReference(reference=each.reference), each.submitted_at) for each in found)
    return (facts, Table(caption=ALIKE, columns=(REQUEST, DAY), rows=rows)) if rows else (facts,)


async def count(town: Town, connection: Connection) -> Done:
    """Keep how many things of each sort are kept; nothing of anybody's request is."""
    found = await connection.finder.find(since=connection.now - timedelta(days=DAYS_KEPT))
    kept = Counter(str(each.answers.get("sort", "other")) for each in found if each.state == "kept")
    return Done(count=kept.total(), remember={"kept": dict(kept)})


ALIKE_PANEL = Panel(
    code="alike",
    title=ALIKE,
    shown_to=("desk",),
    types=("lost_thing", "found_thing"),
    show=show,
    finds=(BOTH,),
)
COUNT_CHORE = Chore(
    code="count",
    title=Text(fr="Compte des objets gardés", en="Count of the things kept"),
    turns=Daily(at=time(5, 0)),
    work=count,
    finds=(COUNTED,),
)
