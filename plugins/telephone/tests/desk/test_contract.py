"""What holds for every module holds for the telephone."""

from parvis.identifiers import new_id
from parvis_telephone.tables import InformationGiven
from parvis_testing.module_contract import ModuleContract


class TestTelephone(ModuleContract):
    name = "telephone"
    once_ours = ("informed",)
    no_requesters = {
        "informed": ("jurisdiction", "type", "zone", "channel", "day"),
        "telephone_late_letter": ("key",),  # of what is owed, its step and who is told
    }
    of_things = ("/bureau/requete/",)
    opened_by = {
        ("GET", "/bureau/appels"): {"intake"},
        ("POST", "/bureau/appels/lettres"): {"intake"},
        ("POST", "/bureau/appels/lettres.pdf"): {"intake"},
        ("POST", "/bureau/requete/{reference}/appel"): {"work", "intake"},
        ("POST", "/bureau/requete/{reference}/rappel"): {"work", "intake"},
        ("GET", "/bureau/requete/{reference}/lettre"): {"work", "intake"},
        ("GET", "/bureau/requete/{reference}/lettre.pdf"): {"work", "intake"},
        ("POST", "/bureau/requete/{reference}/sondage"): {"work", "intake"},
        ("GET", "/bureau/nouvelle"): {"intake"},
        ("POST", "/bureau/nouvelle"): {"intake"},
        ("GET", "/bureau/nouvelle/appels"): {"intake"},
    }

    async def fill(self):
        given = {"jurisdiction": "parvis", "type": "hole", "channel": "phone", "day": "2026-11-26", "given": 3}
        await InformationGiven.insert(InformationGiven(id=new_id(), zone="", **given))
