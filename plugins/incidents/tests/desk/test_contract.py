"""What holds for every module holds for incidents."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_incidents.tables import DeskNotice, IncidentRequest, IncidentTold, IncidentWord
from parvis_testing.module_contract import ModuleContract

from .test_incidents import declared

ALL, NEW, ONE = "/bureau/incidents", "/bureau/incidents/nouveau", "/bureau/incidents/{reference}"
NOTICES = "/bureau/avis"
NOTHING_LOST = {
    NEW: "makes an incident",
    f"{ONE}/ajouter": "adds one request, once",
    f"{ONE}/message": "adds words to the incident",
    f"{ONE}/retirer": "takes one request out, once",
    f"{NOTICES}/nouveau": "writes a notice, once",
    f"{NOTICES}/lever": "lifts a notice of the files, once",
    f"{NOTICES}/{{id}}/fin": "ends what stands, once",
}


class TestIncidents(ModuleContract):
    name = "incidents"
    once_ours = ("incident_request", "incident_word", "incident_told", "desk_notice")
    no_requesters = {
        "incident_request": ("state", "how"),
        "incident_word": ("title", "words", "by", "urgency", "reach"),
        "desk_notice": ("jurisdiction", "lifts", "body", "by"),
    }
    opened_by = {
        ("GET", ALL): {"see"},
        ("GET", NEW): {"assign"},
        ("POST", NEW): {"assign"},
        ("GET", ONE): {"see"},
        ("POST", f"{ONE}/ajouter"): {"assign"},
        ("POST", f"{ONE}/retirer"): {"assign"},
        ("POST", f"{ONE}/message"): {"assign"},
        ("GET", f"{ONE}/registre"): {"see"},
        ("GET", f"{ONE}/registre.csv"): {"see"},
        ("GET", NOTICES): {"report"},
        ("GET", f"{NOTICES}/nouveau"): {"report"},
        ("POST", f"{NOTICES}/nouveau"): {"report"},
        ("POST", f"{NOTICES}/lever"): {"report"},
        ("POST", f"{NOTICES}/{{id}}/fin"): {"report"},
    }

    when_empty = {
        ("POST", f"{ONE}/retirer"): 404,
        ("POST", f"{NOTICES}/{{id}}/fin"): 404,
        ("POST", f"{NOTICES}/lever"): 404,
    }  # of no request, of no notice

    def test_each_form_that_writes_has_its_answer_to_who_was_faster(self):
        assert {path for method, path in self.opened_by if method == "POST"} == NOTHING_LOST.keys()

    async def named(self, desk):
        return {"reference": await declared(desk, await desk.signed_in())}

    async def fill(self):
        now, word = clock.now(), new_id()
        await IncidentRequest.insert(
            IncidentRequest(id=new_id(), incident=new_id(), request=new_id(), state="in", how="rule", at=now)
        )
        await IncidentWord.insert(IncidentWord(id=word, incident=new_id(), number=1, title="{}", words="{}", at=now))
        await IncidentTold.insert(IncidentTold(id=new_id(), word=word, address="a", way="email", at=now))
        await DeskNotice.insert(DeskNotice(id=new_id(), jurisdiction="parvis", lifts="frost", made_at=now))
