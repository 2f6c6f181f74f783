"""What holds for every module holds for grants."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_grants.tables import Handover, Obligation, Validity
from parvis_testing.module_contract import ModuleContract

ONE = "/bureau/requete/{reference}/conditions/{id}"


class TestGrants(ModuleContract):
    name = "grants"
    once_ours = ("validity", "obligation", "handover")
    no_requesters = {
        "validity": ("code", "state"),
        "obligation": ("code", "proof", "state"),
        "handover": ("code", "state", "language"),
    }
    opened_by = {
        ("GET", "/bureau/echeances"): {"see"},
        ("GET", ONE): {"work"},
        ("POST", ONE): {"work"},
        ("POST", f"{ONE}/preuve"): {"work"},
    }
    of_things = ("/bureau/requete/",)

    async def fill(self):
        now = clock.now()
        stand = {"code": "permit", "changed_at": now}
        await Validity.insert(Validity(id=new_id(), request=new_id(), state="valid", since=now, **stand))
        owed = {"demand": "{}", "imposed_at": now}
        await Obligation.insert(Obligation(id=new_id(), request=new_id(), state="open", **owed, **stand))
        offered = {"language": "fr", "asked_at": now, "ends_at": now}
        await Handover.insert(Handover(id=new_id(), request=new_id(), state="asked", **offered, **stand))
