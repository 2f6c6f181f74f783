"""Works whose visits are wanted or planned, as the API files them; and what the operations about visits take."""

from parvis_inspections.visits import visits_of
from parvis_testing.crowded import SCOPES, TOKEN, next_day, scene


async def visited(api):
    found, record = await scene(api, "works", "begin", answers={"danger": False})
    found.named["id"] = str(next(each.id for each in await visits_of(record.id) if each.code == "footing"))
    return found


async def planned(api):
    found = await visited(api)
    body, token = {"day": next_day(api), "slot": "morning", "version": 1}, await api.token(*SCOPES)
    answer = await api.post(f"/inspections/{found.named['id']}/plan", body, token)
    assert answer.status_code == 200, answer.text
    return found


# By the id of each operation: the situation that it needs, bodies that it takes, and who calls.
SENT = {
    "plan_inspection": (
        visited,
        (
            {"day": "", "slot": "morning", "inspector": "Marc Roy", "reason": "Pluie", "version": 1},
            {"day": "", "from": "9:00", "to": "10:00", "version": 1},
        ),
        (TOKEN,),
    ),
    "cancel_inspection": (planned, ({"reason": "Pluie", "version": 2},), (TOKEN,)),
    "record_result": (
        planned,
        (
            {
                "points": {
                    "depth": {"finding": "ok", "note": "", "photos": []},
                    "drain": {"finding": "not_ok", "note": "Bouché"},
                },
                "words": "Vu",
                "notice": True,
                "due": "",
                "made_at": "",
                "upload": "",
            },
        ),
        (TOKEN,),
    ),
}
