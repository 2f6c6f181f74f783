"""What holds for every module holds for text messages."""

from parvis import clock
from parvis.db import transaction
from parvis.identifiers import new_id
from parvis_testing.module_contract import ModuleContract
from parvis_text_messages.tables import IncomingText


class TestTextMessages(ModuleContract):
    name = "text_messages"
    of_things = ("/bureau/textos/{id}/fichiers/",)
    # What it was judged to be, the request that it went to, why an agent set it aside; the number that wants no
    # messages is kept as long as they want none, and what the gateway says names nobody.
    no_requesters = {
        "text_messages_incoming": (
            *("key", "jurisdiction", "sort", "why", "state", "sender_key", "part_group", "reference"),
            *("settled_by", "said"),
        ),
        "text_messages_stopped": ("number",),
        "text_messages_status": ("gateway_id", "status", "reason"),
    }
    opened_by = {
        ("GET", "/bureau/textos"): {"intake"},
        ("GET", "/bureau/textos/{id}"): {"intake"},
        ("GET", "/bureau/textos/{id}/fichiers/{file}"): {"intake"},
        ("POST", "/bureau/textos/{id}/rattachement"): {"intake"},
        ("POST", "/bureau/textos/{id}/retrait"): {"intake"},
    }

    async def named(self, desk):
        row = {"jurisdiction": "parvis", "sort": "new", "state": "open", "received_at": clock.now()}
        id = new_id()
        async with transaction(desk.host.engine):
            await IncomingText.insert(IncomingText(id=id, key=str(id), words="Bonjour", **row))
        return {"id": str(id)}
