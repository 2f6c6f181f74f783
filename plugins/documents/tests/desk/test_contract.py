"""What holds for every module holds for documents."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_documents.tables import Document, Series, Template
from parvis_testing.module_contract import ModuleContract

ONE = "/bureau/requete/{reference}/documents/{id}"


class TestDocuments(ModuleContract):
    name = "documents"
    once_ours = ("document", "template", "series")
    no_requesters = {
        "document": (
            "jurisdiction",
            "type",
            "code",
            "kind",
            "title",
            "number",
            "verification",
            "state",
            "language",
            "audience",
            "validity",
            "template",
            "signed_by",
            "digest",
        ),
        "template": ("digest", "body"),
        "series": ("key",),
    }
    opened_by = {
        ("GET", ONE): {"contacts"},
        ("GET", f"{ONE}/changer"): {"report"},
        ("POST", f"{ONE}/changer"): {"report"},
    }
    of_things = ("/bureau/requete/",)

    async def fill(self):
        now = clock.now()
        words = {"jurisdiction": "parvis", "type": "works", "code": "permit", "kind": "permit", "title": "{}"}
        stand = {"state": "issued", "language": "fr", "audience": "personal", "template": "0" * 64, "digest": "1" * 64}
        when = {"issued_at": now, "changed_at": now}
        known = {"id": new_id(), "request": new_id(), "number": "PC-1", "verification": "7K3M9QXT42ZA"}
        await Document.insert(Document(**known, **words, **stand, **when))
        await Template.insert(Template(digest="0" * 64, body="{}", kept_at=now))
        await Series.insert(Series(key="parvis:PC-{number}", last=1))
