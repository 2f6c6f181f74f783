"""What is known already of who calls and of where: proposed beside the questions, taken over by a press."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.requests.persons.known_answers import KnownAnswer, known_answers
from parvis.web.desk.context import DeskContext
from parvis.web.desk.entry.places import PlaceChoice
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType
from parvis_sdk.requesters import PHONE

EVERYTHING = "*"


async def known_here(
    room: DeskContext, kind: RequestType, requester: Mapping[str, str], place: PlaceChoice
) -> tuple[KnownAnswer, ...]:
    """Answers of the same person, then those at the same address, as far as whoever asks may see them."""
    return await known_answers(
        room.heart,
        room.viewer,
        room.town.code,
        kind,
        email=requester.get("email", ""),
        phone=dialled(requester.get("phone", "")),
        address=str(place.raw.get("address", "")),
        point=place.point,
    )


def taken_over(known: Sequence[KnownAnswer], answers: dict[str, Any], wanted: str) -> dict[str, Any]:
    """The answers on the page, and those of the known ones that were pressed; what was typed stays."""
    chosen = {each.field.code: each.value for each in known if wanted in (each.field.code, EVERYTHING)}
    return {**chosen, **{code: value for code, value in answers.items() if value or code not in chosen}}


def dialled(number: str) -> str:
    """A number as it is kept, from how it stands on the page; empty where it is none."""
    read = read_value(PHONE, number, "phone", Reading(), {})
    return read if isinstance(read, str) else ""
