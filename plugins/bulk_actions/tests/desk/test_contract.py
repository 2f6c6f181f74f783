"""What holds for every module holds for bulk actions."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_bulk_actions.tables import Batch, BatchItem
from parvis_testing.module_contract import ModuleContract


class TestBulkActions(ModuleContract):
    name = "bulk_actions"
    once_ours = ("batch", "batch_item")
    # What was typed goes when all is done; the rest says who of the town does what, for a month.
    no_requesters = {"batch": ("jurisdiction", "agent", "name", "action"), "bulk_actions_row": ("mark", "state")}
    of_things = ("/bureau/plusieurs/",)
    opened_by = {
        ("GET", "/bureau/plusieurs"): {"work", "assign"},
        ("POST", "/bureau/plusieurs"): {"work", "assign"},
        ("GET", "/bureau/plusieurs/{id}"): {"work", "assign"},
        ("POST", "/bureau/plusieurs/{id}/annuler"): {"work", "assign"},
    }

    async def fill(self):
        id, now = new_id(), clock.now()
        given = {"jurisdiction": "parvis", "agent": "ana", "name": "Ana", "action": "{}", "undoes": None}
        await Batch.insert(Batch(id=id, made_at=now, done_at=None, **given))
        item = {"batch": id, "request": new_id(), "reference": "7K3M-9QXT-4", "number": 1, "expected": 1}
        await BatchItem.insert(BatchItem(id=new_id(), state="waiting", said="", version=None, **item))
