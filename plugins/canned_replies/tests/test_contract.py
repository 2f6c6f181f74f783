"""What holds for every module holds for ready texts."""

from parvis import clock
from parvis_canned_replies.tables import ReadyTextOrder, ReadyTextUse, ReadyTextVersion
from parvis_testing.desk import address, said
from parvis_testing.module_contract import ModuleContract
from parvis_testing.modules import switch

TEXTS = "/bureau/textes"
TOWN, MINE = f"{TEXTS}/ville/{{code}}", f"{TEXTS}/a-moi/{{code}}"


class TestCannedReplies(ModuleContract):
    name = "canned_replies"
    once_ours = ("ready_text", "ready_text_order", "ready_text_use")
    of_things = (f"{TEXTS}/a-moi/",)
    no_requesters = {  # a text is written before there is a request; names in it are filled in as a message is written
        "ready_text": ("key", "series", "jurisdiction", "owner", "code", "body", "agent", "by"),
        "ready_text_order": ("jurisdiction", "codes"),
        "ready_text_use": ("key", "jurisdiction", "code", "day"),
    }
    opened_by = {
        ("GET", TEXTS): {"see"},
        ("GET", f"{TEXTS}/nouveau"): {"route"},
        ("POST", f"{TEXTS}/nouveau"): {"route"},
        ("GET", f"{TEXTS}/nouveau-a-moi"): {"work"},
        ("POST", f"{TEXTS}/nouveau-a-moi"): {"work"},
        ("GET", TOWN): {"route"},
        ("POST", TOWN): {"route"},
        ("POST", f"{TOWN}/place"): {"route"},
        ("POST", f"{TOWN}/retrait"): {"route"},
        ("GET", f"{TOWN}/versions"): {"route"},
        ("POST", f"{TOWN}/versions/{{number}}/retour"): {"route"},
        ("GET", MINE): {"work"},
        ("POST", MINE): {"work"},
        ("POST", f"{MINE}/suppression"): {"work"},
        ("GET", f"{MINE}/versions"): {"work"},
        ("POST", f"{MINE}/versions/{{number}}/retour"): {"work"},
    }

    async def named(self, desk):
        return {"number": "1", "code": "delay"}

    async def fill(self):
        here = {"jurisdiction": "parvis", "code": "late"}
        told = {"number": 1, "body": "{}", "by": "Ana", "at": clock.now()}
        await ReadyTextVersion.insert(ReadyTextVersion(key="parvis//late/1", series="parvis//late", **here, **told))
        await ReadyTextOrder.insert(ReadyTextOrder(jurisdiction="parvis", codes="[]"))
        await ReadyTextUse.insert(ReadyTextUse(key="parvis/late/2026-11-29", day="2026-11-29", times=2, **here))


async def test_where_it_is_off_a_message_is_written_without_it(desk):
    """The list beside a message and the link to the texts go; what is typed is left as it is typed."""
    hole, clerk = await desk.request("hole", "roads"), await desk.signed_in()
    page = await clerk.get(address(hole))
    assert said("Canned reply") in clerk.text
    assert f'href="{TEXTS}"' in page.text
    await switch(desk.host, "off", "canned_replies")
    page = await clerk.get(address(hole))
    assert page.status_code == 200
    assert said("Canned reply") not in clerk.text
    assert f'href="{TEXTS}"' not in page.text
    page = await clerk.post(address(hole, "reponse"), version=str(hole.version), words="/delay")
    assert "/delay</textarea>" in page.text
