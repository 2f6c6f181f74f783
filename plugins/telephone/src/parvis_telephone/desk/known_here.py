"""Answers that are known already, proposed beside the questions and taken over by a press."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.places import PlaceChoice
from parvis_sdk.request_types import RequestType
from parvis_telephone.callers import dialled
from parvis_telephone.known_answers import KnownAnswer, known_answers

EVERYTHING = "*"


async def known_here(
    room: DeskContext, request_type: RequestType, requester: Mapping[str, str], place: PlaceChoice
) -> tuple[KnownAnswer, ...]:
    """Answers of the same person, then those at the same address, as far as the agent may see them."""
    return await known_answers(
        room.host,
        room.viewer,
        room.town.code,
        request_type,
        email=requester.get("email", ""),
        phone=dialled(requester.get("phone", "")),
        address=str(place.raw.get("address", "")),
        point=place.point,
    )


def taken_over(known: Sequence[KnownAnswer], answers: dict[str, Any], wanted: str) -> dict[str, Any]:
    """The answers on the page, and those of the known ones that were pressed; what was typed stays."""
    chosen = {each.field.code: each.value for each in known if wanted in (each.field.code, EVERYTHING)}
    return {**chosen, **{code: value for code, value in answers.items() if value or code not in chosen}}
