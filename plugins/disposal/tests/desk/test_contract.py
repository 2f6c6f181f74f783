"""What holds for every module holds for disposal."""

from parvis import clock
from parvis.identifiers import new_id
from parvis.privacy.data_request import CODE
from parvis.requests.actors import VERIFIED
from parvis_disposal.tables import DestructionList, ErasureProposal
from parvis_testing.desk import ZOE
from parvis_testing.module_contract import ModuleContract

KNOW = {"reveal"}  # or privacy over a request that one may see


class TestDisposal(ModuleContract):
    name = "disposal"
    once_ours = ("destruction_list", "erasure_proposal")
    # A list outlives the requests in it: it has their references, types and days, and who of the town approved it.
    no_requesters = {
        "destruction_list": ("jurisdiction", "type", "outcome", "listing", "mark", "approved_by", "approved_name")
    }
    opened_by = {
        ("GET", "/bureau/requete/{reference}/renseignements"): KNOW,
        ("POST", "/bureau/requete/{reference}/renseignements"): KNOW,
        ("POST", "/bureau/requete/{reference}/renseignements/effacement"): KNOW,
    }

    async def named(self, desk):
        raw = {"language": "fr", "answers": {"wish": "erase"}, "requester": ZOE}
        receipt = await desk.counter.submit("parvis", CODE, raw, channel="portal", actor=VERIFIED)
        return {"reference": receipt.reference}

    async def fill(self):
        at = clock.now()
        listed = {"jurisdiction": "parvis", "type": "hole", "days": 365, "outcome": "anonymise", "listing": "x,y"}
        times = {"since": at, "until": at, "approved_at": at}
        await DestructionList.insert(DestructionList(id=new_id(), mark="m", approved_name="Ana", **listed, **times))
        proposed = {"listed": '["1234-5678-9"]', "email": "zoe@exemple.ca", "proposed_at": at, "state": "waiting"}
        await ErasureProposal.insert(ErasureProposal(id=new_id(), request=new_id(), **proposed))
