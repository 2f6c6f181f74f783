"""What holds for every module holds for inspections."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_inspections.tables import Inspection, InspectionResult
from parvis_testing.module_contract import ModuleContract

from .test_visits import begun

PLANNING, SITE, VISIT, CHECKLIST = (
    "/bureau/visites",
    "/bureau/terrain",
    "/bureau/visites/{id}",
    "/bureau/terrain/{id}",
)


class TestInspections(ModuleContract):
    name = "inspections"
    once_ours = ("inspection", "inspection_result")
    no_requesters = {
        "inspection": ("code", "state", "unit", "points", "day", "slot", "inspector_name", "due"),
        "inspection_result": ("key", "outcome", "actor_id", "actor_name"),
    }
    opened_by = {
        ("GET", PLANNING): {"work"},
        ("POST", PLANNING): {"work"},
        ("GET", f"{PLANNING}/tournee"): {"work"},
        ("GET", SITE): {"work"},
        ("GET", f"{SITE}/jeton"): {"work"},
        ("GET", VISIT): {"work"},
        ("POST", f"{VISIT}/annulation"): {"work"},
        ("POST", f"{VISIT}/inutile"): {"work"},
        ("POST", f"{VISIT}/plan"): {"work"},
        ("GET", CHECKLIST): {"work"},
        ("POST", CHECKLIST): {"work"},
        ("POST", f"{CHECKLIST}/photo"): {"work"},
    }

    when_empty = {("POST", f"{CHECKLIST}/photo"): 400}  # for the script of the page, in JSON

    async def named(self, desk):
        _, visits = await begun(desk)
        return {"id": str(visits["footing"].id)}

    async def fill(self):
        now, visit = clock.now(), new_id()
        made = {"wanted_at": now, "changed_at": now}
        await Inspection.insert(
            Inspection(id=visit, request=new_id(), code="footing", state="passed", unit="permits", **made)
        )
        said = {"key": "1", "outcome": "passed", "found": "{}", "actor_id": "ana", "actor_name": "Ana"}
        await InspectionResult.insert(
            InspectionResult(id=new_id(), inspection=visit, number=1, made_at=now, kept_at=now, **said)
        )
