"""What holds for every module holds for service levels."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_service_levels.tables import Alarm, LevelDraft, LevelSet
from parvis_testing.module_contract import ModuleContract

EDITS = {"route"}


class TestServiceLevels(ModuleContract):
    name = "service_levels"
    once_ours = ("level_set", "level_draft", "alarm")
    no_requesters = {  # what the town promises, and who of its people wrote it
        "level_set": ("key", "jurisdiction", "body", "word", "agent", "by"),
        "level_draft": ("jurisdiction", "body", "agent", "by"),
        "alarm": ("key", "code"),
    }
    when_empty = {  # a form without the version it was opened with is shown the present one
        ("POST", "/bureau/delais/brouillon/ligne/{id}/retrait"): 409,
        ("POST", "/bureau/delais/brouillon/abandon"): 409,
    }
    opened_by = {
        ("GET", "/bureau/delais"): {"see"},
        ("GET", "/bureau/delais/delais.toml"): EDITS,
        ("GET", "/bureau/delais/brouillon"): EDITS,
        ("GET", "/bureau/delais/brouillon/essai"): EDITS,
        ("GET", "/bureau/delais/brouillon/ligne/{id}"): EDITS,
        ("POST", "/bureau/delais/brouillon/ligne/{id}"): EDITS,
        ("POST", "/bureau/delais/brouillon/ligne/{id}/place"): EDITS,
        ("POST", "/bureau/delais/brouillon/ligne/{id}/retrait"): EDITS,
        ("POST", "/bureau/delais/brouillon/avertissements"): EDITS,
        ("POST", "/bureau/delais/brouillon/fichier"): EDITS,
        ("POST", "/bureau/delais/brouillon/abandon"): EDITS,
        ("POST", "/bureau/delais/brouillon/publication"): EDITS,
        ("POST", "/bureau/delais/versions/{number}/retour"): EDITS,
        ("GET", "/bureau/tableau/essai"): {"report"},
    }

    async def named(self, desk):
        return {"id": "file-1", "number": "1"}

    async def fill(self):
        now = clock.now()
        await LevelSet.insert(LevelSet(key="parvis/1", jurisdiction="parvis", number=1, body="{}", at=now))
        alarm = Alarm(id=new_id(), key="k", request=new_id(), agent=new_id(), code="usual", step=1, due_at=now, at=now)
        await Alarm.insert(alarm)
        await LevelDraft.insert(LevelDraft(jurisdiction="parvis", body="{}", changed_at=now))
