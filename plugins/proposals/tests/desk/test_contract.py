"""What holds for every module holds for scopes and proposals."""

from parvis_testing.module_contract import ModuleContract


class TestProposals(ModuleContract):
    name = "proposals"
    # Who granted what, for whom and why is said of people of the town.
    no_requesters = {"proposals_grant": ("jurisdiction", "subscription", "mark", "by", "by_name", "reason")}
    opened_by = {("POST", "/bureau/requete/{reference}/propositions"): {"work"}}

    async def named(self, desk):
        return {"reference": (await desk.request("hole", "roads")).reference}
