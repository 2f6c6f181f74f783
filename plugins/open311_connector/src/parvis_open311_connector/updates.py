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
RECEIVED = Text(
    fr="La personne a écrit à la Ville ou ajouté un renseignement.",
    en="The person wrote to the town or added information.",
)
AMENDED = Text(fr="La requête a été corrigée.", en="The request was corrected.")
WITHDRAWN = Text(fr="La personne a retiré sa requête.", en="The person withdrew the request.")
JOINED = Text(
    fr="La requête est fusionnée avec une autre, qui porte sur le même problème.",
    en="The request is merged with another one, about the same problem.",
)
PARTED = Text(fr="La requête n’est plus fusionnée.", en="The request is no longer merged.")
ERASED = Text(
    fr="Les renseignements personnels de cette requête ont été détruits chez nous. Veuillez détruire les vôtres.",
    en="The personal information of this request has been destroyed here. Please destroy yours.",
)
TELL_THEM = Text(
    fr="cette norme ne permet pas d’effacer\u00a0: demandez à {title} de détruire les renseignements "
    "personnels de la requête {number}",
    en="this standard cannot erase: ask {title} to destroy the personal information of request {number}",
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
