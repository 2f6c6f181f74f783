"""A planting that was granted, as the API files it, and what the operations about it take."""

from msgspec import structs

from parvis_grants.obligations import obligations_of
from parvis_sdk.validity import Transfer
from parvis_testing.crowded import KEY, TOKEN, scene

from .licensed import PLANTING

GRANTED = structs.replace(
    PLANTING, parts=(structs.replace(PLANTING.parts[0], transfer=Transfer()), *PLANTING.parts[1:])
)


async def granted(api):
    found, record = await scene(api, "planting", "grant", answers={})
    found.named["id"] = str((await obligations_of(record.id))[0].id)
    return found


# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT = {
    "send_proof": (
        granted,
        ({"answers": {"species": "Érable", "planted_on": "2026-05-20", "neighbour": "M. Roy"}, "upload": ""},),
        (TOKEN, KEY),
    ),
    "decide_obligation": (
        granted,
        (
            {"deed": "postpone", "day": "2099-09-15", "reason": "Gel", "version": 2},
            {"deed": "waive", "reason": "Mort", "version": 2},
        ),
        (TOKEN,),
    ),
    "offer_transfer": (
        granted,
        ({"validity": "permit", "name": "Bo", "email": "bo@exemple.ca", "words": "Vendu"},),
        (TOKEN, KEY),
    ),
}
