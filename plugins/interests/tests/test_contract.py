"""What holds for every module holds for interests."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_interests.tables import DeclaredInterest
from parvis_testing.module_contract import ModuleContract

READS = {"see", "privacy"}


class TestInterests(ModuleContract):
    name = "interests"
    once_ours = ("declared_interest",)
    # An agent's declaration, with the names in it: its author ends it, the end of a request does not.
    no_requesters = {"declared_interest": ("jurisdiction", "name", "kind", "words", "reason", "ended_by")}
    opened_by = {
        ("GET", "/bureau/conflits"): READS,
        ("POST", "/bureau/conflits"): READS,
        ("POST", "/bureau/conflits/{id}/fin"): READS,
    }

    async def fill(self):
        row = {"jurisdiction": "parvis", "agent": new_id(), "name": "Luc Roy", "kind": "street", "words": "rue Garnier"}
        await DeclaredInterest.insert(DeclaredInterest(id=new_id(), reason="x", made_at=clock.now(), **row))
