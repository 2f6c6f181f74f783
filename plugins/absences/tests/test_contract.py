"""What holds for every module holds for absences."""

from datetime import timedelta

from parvis import clock
from parvis.identifiers import new_id
from parvis_absences.tables import Absence
from parvis_testing.module_contract import ModuleContract


class TestAbsences(ModuleContract):
    name = "absences"
    once_ours = ("absence",)
    no_requesters = {"absence": ("by",)}  # who of the town said so; it goes a month after the absence
    opened_by = {
        ("GET", "/bureau/absences"): {"work"},
        ("POST", "/bureau/absences"): {"work"},
        ("POST", "/bureau/absences/{id}/retour"): {"work"},
    }

    async def fill(self):
        now = clock.now()
        around = {"starts_at": now, "ends_at": now + timedelta(days=3), "made_at": now}
        await Absence.insert(Absence(id=new_id(), agent=new_id(), lends=True, by="Ana", **around))
