"""Works whose opinions were asked for, as the API files them; and what its operations take."""

from msgspec import structs

from parvis_reviews.review_tasks import tasks_of
from parvis_sdk.text import Text
from parvis_testing.crowded import TOKEN, scene

from .reviewed import reviewed_type

REVIEWED = structs.replace(reviewed_type(), code="reviewed", slug=Text(fr="avis", en="opinions"))
ANSWERS = {"pool": True, "cost": 1500}


async def reviewing(api):
    found, record = await scene(api, "reviewed", "begin", answers=ANSWERS)
    found.named["id"] = str(next(each.id for each in await tasks_of(record.id) if each.task == "zoning"))
    return found


# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT = {
    "give_opinion": (
        reviewing,
        ({"answers": {"recommendation": "favourable", "words": "Oui", "conditions": []}, "upload": ""},),
        (TOKEN,),
    ),
}
