"""What the timeline of a case is told of each event, once: an annotation whose id follows from the event’s."""

from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from parvis_crm_connector.client import Dataverse
from parvis_crm_connector.settings import Settings
from parvis_sdk.events import (
    Amended,
    Assigned,
    Event,
    Happened,
    Joined,
    Moved,
    Received,
    Replied,
    Rescheduled,
    Withdrawn,
)
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.text import Text

OURS = UUID("6f0e7a53-9f5c-4a7e-8f2e-2b1d7c9a4e10")
SUBJECT = Text(fr="Parvis", en="Parvis")
STEP = Text(fr="Étape\u00a0: {what}", en="Step: {what}")
FACT = Text(fr="Nouveau\u00a0: {what}", en="Update: {what}")
REPLIED = Text(fr="La Ville a écrit à la personne.", en="The town wrote to the person.")
PROMISED = Text(fr="La date promise est maintenant le {what}.", en="The promised date is now {what}.")
RECEIVED = Text(
    fr="La personne a écrit à la Ville ou ajouté un renseignement.",
    en="The person wrote to the town or added information.",
)
ASSIGNED = Text(
    fr="La requête est attribuée à l’unité «\u00a0{what}\u00a0».", en="The request is assigned to the unit “{what}”."
)
AMENDED = Text(fr="La requête a été corrigée.", en="The request was corrected.")
WITHDRAWN = Text(fr="La personne a retiré sa requête.", en="The person withdrew the request.")
JOINED = Text(
    fr="La requête est fusionnée avec {what}, qui porte sur le même problème.",
    en="The request is merged with {what}, which is about the same problem.",
)
PARTED = Text(fr="La requête n’est plus fusionnée.", en="The request is no longer merged.")
LONGEST = 10_000


async def tell(crm: Dataverse, settings: Settings, case: str, event: Event, request: ServiceRequest) -> None:
    """Write the event into the timeline, unless it stands there."""
    said = line_for(settings, event, request)
    if said is None:
        return
    values = {
        "subject": SUBJECT.to(settings.language),
        "notetext": said[:LONGEST],
        "objectid_incident@odata.bind": f"/incidents({case})",
    }
    await crm.make(f"annotations({uuid5(OURS, event.id)})", values)


def line_for(settings: Settings, event: Event, request: ServiceRequest) -> str | None:
    """What is said of it; None where the settings leave it out. Internal notes never leave."""
    if str(type(event).__struct_config__.tag) not in settings.timeline:
        return None
    text = _text(settings, event, request)
    if text is None:
        return None
    words = _words(event, request) if settings.words else ""
    return f"{text.to(settings.language)}\n{words}".strip()


def _text(settings: Settings, event: Event, request: ServiceRequest) -> Text | None:
    match event:
        case Moved(target=target):
            title = request.state_title if request.state == target else None
            return STEP.format(what=title.to(settings.language) if title else target)
        case Happened(fact=fact):
            return FACT.format(what=fact)
        case Replied():
            return REPLIED
        case Rescheduled():
            return PROMISED.format(what=_day(request.promised_at, request.jurisdiction.time_zone))
        case Received():
            return RECEIVED
        case Assigned(unit=unit):
            return ASSIGNED.format(what=unit)
        case Amended():
            return AMENDED
        case Withdrawn():
            return WITHDRAWN
        case Joined(did="parted"):
            return PARTED
        case Joined() if request.goes_on_with:
            return JOINED.format(what=request.goes_on_with)
    return None


def _day(moment: datetime | None, time_zone: str) -> str:
    """The day as the town's calendar has it: in the evening, that of Greenwich is the next one."""
    return moment.astimezone(ZoneInfo(time_zone)).date().isoformat() if moment else "—"


def _words(event: Event, request: ServiceRequest) -> str:
    """The words that the town wrote to the person."""
    if isinstance(event, Moved):
        return "\n".join(str(value) for value in event.given.values() if isinstance(value, str) and value)
    return request.words
