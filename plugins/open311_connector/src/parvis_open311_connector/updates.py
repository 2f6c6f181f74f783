"""What they are told of a request that is there: an update for each step that the town tells, once by its event."""

from datetime import datetime
from typing import Any

from parvis_open311_connector.client import GeoReport
from parvis_open311_connector.filing import must_be_there, stamp
from parvis_open311_connector.mapping import Held
from parvis_open311_connector.reading import id_of
from parvis_open311_connector.settings import Neighbour
from parvis_sdk.errors import Refused, must_fit
from parvis_sdk.events import Amended, Erased, Event, Joined, Moved, Received, Replied, Resent, Withdrawn
from parvis_sdk.requests import Phase, ServiceRequest
from parvis_sdk.text import Text

LONGEST = 4000
STEP = Text(fr="Étape\u00a0: {what}", en="Step: {what}")
REPLIED = Text(fr="La Ville a écrit à la personne.", en="The town wrote to the person.")
RECEIVED = Text(fr="La personne a écrit à la Ville ou ajouté quelque chose.", en="The person wrote or added something.")
AMENDED = Text(fr="La demande a été corrigée.", en="The request was corrected.")
WITHDRAWN = Text(fr="La personne a retiré sa demande.", en="The person withdrew the request.")
JOINED = Text(
    fr="La demande continue avec une autre, qui signale la même chose.",
    en="The request goes on with another one, which reports the same thing.",
)
PARTED = Text(fr="La demande continue de nouveau à part.", en="The request goes on by itself again.")
ERASED = Text(
    fr="Les renseignements personnels de cette demande ont été détruits chez nous. Détruisez les vôtres.",
    en="The personal data of this request was destroyed here. Destroy yours.",
)
TELL_THEM = Text(
    fr="ce standard n’efface rien\u00a0: demandez à {title} de détruire ce qui est personnel dans la demande {number}",
    en="this standard cannot erase: ask {title} to destroy what is personal in the request {number}",
)


async def tell(there: GeoReport, neighbour: Neighbour, event: Event, request: ServiceRequest, held: Held) -> bool:
    """Post an update of this event, where the settings tell of it; whether one was posted.

    An operator who asks to bring them up to date has them told how the request stands.
    """
    is_told = str(type(event).__struct_config__.tag) in neighbour.tells and event.actor != neighbour.name
    if not is_told and not (neighbour.tells and isinstance(event, Resent)):
        return False
    said = words_of(neighbour, event, request)
    if not said or (not held.id and not held.token):
        return False
    await post(there, neighbour, event.id, said, request, must_be_there(held), event.at)
    return True


async def tell_of_erasure(there: GeoReport, neighbour: Neighbour, event: Erased, request: ServiceRequest) -> None:
    """Ask them to destroy what is personal, where anything was given; where no update is taken, people must ask."""
    number = request.external_references.get(neighbour.name, "")
    if not number or not neighbour.needs:
        return
    if not neighbour.tells:
        raise Refused(TELL_THEM.format(title=neighbour.title, number=number))
    await post(there, neighbour, event.id, ERASED.to(neighbour.language), request, number, event.at)


async def post(
    there: GeoReport, neighbour: Neighbour, id: str, said: str, request: ServiceRequest, number: str, at: datetime
) -> None:
    """One update; the same id twice is one update there. Raises `Foreign` where the answer is about another request."""
    fields: dict[str, Any] = {
        "service_request_id": number,
        "update_id": id,
        "updated_datetime": stamp(at),
        "status": status_of(neighbour, request),
        "description": said[:LONGEST],
    }
    row = await there.update(fields)
    if answered := id_of(row):
        must_fit(number, answered)


def status_of(neighbour: Neighbour, request: ServiceRequest) -> str:
    """Their word for how the request stands here."""
    named = neighbour.statuses.get(request.state) or neighbour.statuses.get(request.phase.value)
    return named or ("CLOSED" if request.phase is Phase.CLOSED else "OPEN")


def words_of(neighbour: Neighbour, event: Event, request: ServiceRequest) -> str:
    """What is said of an event, in the language of the neighbour; the words of a reply only where they may go there."""
    match event:
        case Moved(target=target):
            title = request.state_title if request.state == target else None
            return STEP.format(what=title or target).to(neighbour.language)
        case Resent():
            return STEP.format(what=request.state_title or request.state).to(neighbour.language)
        case Replied():
            words = request.words if neighbour.words else ""
            return words or REPLIED.to(neighbour.language)
        case Joined(did="moved"):
            return ""
        case Joined(did=did):
            return (PARTED if did == "parted" else JOINED).to(neighbour.language)
    plain = {Received: RECEIVED, Amended: AMENDED, Withdrawn: WITHDRAWN}.get(type(event))
    return plain.to(neighbour.language) if plain else ""
