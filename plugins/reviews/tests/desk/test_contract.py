"""What holds for every module holds for reviews."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_reviews.tables import Opinion, OutsideKey, Review, ReviewTask
from parvis_testing.module_contract import ModuleContract

TASKS = "/bureau/taches"
TASK = f"{TASKS}/{{id}}"
DEEDS = ("annuler", "confier", "delai", "exterieur", "lien", "prendre")


class TestReviews(ModuleContract):
    name = "reviews"
    once_ours = ("review", "review_task", "opinion", "outside_key")
    came_later = {"review_task": ("escalated", "rests_on")}
    of_things = (f"{TASKS}/",)
    no_requesters = {
        "review": ("code", "state"),
        "review_task": ("jurisdiction", "review", "task", "unit", "language", "state", "recommendation"),
        "opinion": ("recommendation", "digest", "actor_kind", "actor_id"),
    }
    opened_by = {
        ("GET", TASKS): {"work"},
        ("GET", TASK): {"work"},
        ("POST", TASK): {"work"},
        ("GET", f"{TASK}/fichiers/{{file}}"): {"work"},
        **{("POST", f"{TASK}/{deed}"): {"work"} for deed in DEEDS},
    }

    async def fill(self):
        request, task, now = new_id(), new_id(), clock.now()
        await Review.insert(Review(id=new_id(), request=request, code="opinions", state="open", opened_at=now))
        asked = {"jurisdiction": "parvis", "review": "opinions", "task": "fire", "unit": "roads", "state": "asked"}
        await ReviewTask.insert(ReviewTask(id=task, request=request, **asked))
        given = {"recommendation": "favourable", "given": "{}", "salt": "", "digest": "", "actor_kind": "agent"}
        await Opinion.insert(Opinion(id=new_id(), request=request, task=task, number=1, at=now, **given))
        key = {"holder": "h", "made_at": now, "ends_at": now}
        await OutsideKey.insert(OutsideKey(id=new_id(), request=request, task=task, **key))
