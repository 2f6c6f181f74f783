"""What a resident reads of incidents: on the page of one, and beside a request that belongs to one."""

from parvis.requests.heart import Heart
from parvis.requests.records import Record
from parvis.requests.situation.incident_matching import INCIDENT
from parvis.requests.situation.incidents import incidents_with, title_of, words_said
from parvis.territory import Jurisdiction
from parvis.web.panels import Panel


async def words_panel(town: Jurisdiction, record: Record) -> Panel | None:
    """What the town has said of an incident, the newest first; for the page of the incident itself."""
    if record.type != INCIDENT:
        return None
    words = await words_said(record)
    return Panel(template="parts/incident_words.html", values={"title": title_of(town, record), "words": words[::-1]})


async def belonging_panel(heart: Heart, town: Jurisdiction, record: Record) -> Panel | None:
    """The incidents that a request belongs to, with the latest word of each."""
    theirs = [each for each in await incidents_with(heart, town, record.id) if each.is_in]
    return Panel(template="parts/incident_of.html", values={"incidents": theirs}) if theirs else None
