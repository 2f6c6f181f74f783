"""What holds for every module holds for mandates."""

from parvis_testing.module_contract import ModuleContract


class TestMandates(ModuleContract):
    name = "mandates"
    opened_by = {
        ("POST", "/bureau/requete/{reference}/mandat"): {"amend"},
        ("POST", "/bureau/requete/{reference}/mandat/fin"): {"amend"},
    }

    async def named(self, desk):
        return {"reference": (await desk.request("hole", "roads")).reference}
