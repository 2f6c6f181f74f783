"""What holds for every module holds for supplements."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_supplements.tables import Supplement
from parvis_testing.desk import HERE, ZOE
from parvis_testing.module_contract import ModuleContract

from ..waiting import ANSWERS

LIST = "/bureau/requete/{reference}/complements/{code}"


class TestSupplements(ModuleContract):
    name = "supplements"
    once_ours = ("supplement",)
    no_requesters = {"supplement": ("code", "state", "due_on", "holder")}  # which questions, and when
    opened_by = {("GET", LIST): {"work"}, ("POST", LIST): {"work"}}

    async def named(self, desk):
        raw = {"language": "fr", "answers": ANSWERS, "place": HERE, "requester": ZOE}
        receipt = await desk.counter.submit("parvis", "file", raw, channel="portal")
        return {"reference": receipt.reference, "code": "completeness"}

    async def fill(self):
        await Supplement.insert(
            Supplement(
                id=new_id(), request=new_id(), code="completeness", number=1, state="asked", changed_at=clock.now()
            )
        )
