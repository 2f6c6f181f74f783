"""What holds for every module holds for checklists."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_checklists.tables import ChecklistItem
from parvis_testing.module_contract import ModuleContract


class TestChecklists(ModuleContract):
    name = "checklists"
    once_ours = ("checklist_item",)
    opened_by = {("POST", "/bureau/requete/{reference}/liste"): {"work"}}

    async def named(self, desk):
        return {"reference": (await desk.request("hole", "roads")).reference}

    async def fill(self):
        row = {"request": new_id(), "words": '{"fr":"Photos vues"}', "made_at": clock.now(), "made_by": "Ana"}
        await ChecklistItem.insert(ChecklistItem(id=new_id(), **row))
