"""What holds for every module holds for incoming mail."""

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis_mail_intake.tables import IncomingMail
from parvis_testing.module_contract import ModuleContract


class TestMailIntake(ModuleContract):
    name = "mail_intake"
    once_ours = ("incoming_mail",)
    of_things = ("/bureau/courriels/{id}/fichiers/",)
    # What it was judged to be, the request that it went to, and why an agent let it go: its words are gone by then.
    no_requesters = {
        "incoming_mail": ("key", "jurisdiction", "sort", "why", "state", "reference", "settled_by", "said"),
    }
    opened_by = {
        ("GET", "/bureau/courriels"): {"intake"},
        ("GET", "/bureau/courriels/{id}"): {"intake"},
        ("GET", "/bureau/courriels/{id}/fichiers/{file}"): {"intake"},
        ("POST", "/bureau/courriels/{id}/rattachement"): {"intake"},
        ("POST", "/bureau/courriels/{id}/retrait"): {"intake"},
    }

    async def named(self, desk):
        async with transaction(desk.host.engine):
            await self.fill()
        return {"id": str((await IncomingMail.select(IncomingMail.id).first())["id"])}

    async def fill(self):
        row = {"jurisdiction": "parvis", "sort": "new", "why": "x", "state": "open", "received_at": clock.now()}
        await IncomingMail.insert(IncomingMail(id=new_id(), key="k", words="Bonjour", **row))
