"""What holds for every module holds for public hearings."""

from parvis_testing.module_contract import ModuleContract

CALLING = "/bureau/requete/{reference}/audience/{code}"


class TestPublicHearings(ModuleContract):
    name = "public_hearing"
    once_ours = ()
    no_requesters = {"public_hearing_session": ("jurisdiction", "code", "state", "place")}
    opened_by = {("GET", "/bureau/audiences"): {"see"}, ("GET", CALLING): {"hearings"}, ("POST", CALLING): {"hearings"}}

    async def named(self, desk):
        return {"reference": (await desk.request("hole", "roads")).reference, "code": "zoning"}
