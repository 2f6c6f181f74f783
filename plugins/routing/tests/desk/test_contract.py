"""What holds for every module holds for routing."""

from parvis import clock
from parvis_routing.tables import RuleDraft, RuleSet
from parvis_testing.module_contract import ModuleContract

EDITS = {"route"}


class TestRouting(ModuleContract):
    name = "routing"
    once_ours = ("rule_set", "rule_draft")
    no_requesters = {  # whose requests are, and who of the town wrote it
        "rule_set": ("key", "jurisdiction", "body", "word", "agent", "by"),
        "rule_draft": ("jurisdiction", "body", "agent", "by"),
    }
    when_empty = {  # a form without the version it was opened with is shown the present one
        ("POST", "/bureau/regles/brouillon/regle/{id}/retrait"): 409,
        ("POST", "/bureau/regles/brouillon/abandon"): 409,
        ("POST", "/bureau/regles/brouillon/defaut"): 404,  # which names no unit of the town
    }
    opened_by = {
        ("GET", "/bureau/regles"): {"see"},
        ("GET", "/bureau/regles/regles.toml"): EDITS,
        ("GET", "/bureau/regles/brouillon"): EDITS,
        ("GET", "/bureau/regles/brouillon/essai"): EDITS,
        ("GET", "/bureau/regles/brouillon/regle/{id}"): EDITS,
        ("POST", "/bureau/regles/brouillon/regle/{id}"): EDITS,
        ("POST", "/bureau/regles/brouillon/regle/{id}/place"): EDITS,
        ("POST", "/bureau/regles/brouillon/regle/{id}/retrait"): EDITS,
        ("POST", "/bureau/regles/brouillon/defaut"): EDITS,
        ("POST", "/bureau/regles/brouillon/fichier"): EDITS,
        ("POST", "/bureau/regles/brouillon/abandon"): EDITS,
        ("POST", "/bureau/regles/brouillon/publication"): EDITS,
        ("POST", "/bureau/regles/versions/{number}/retour"): EDITS,
    }

    async def named(self, desk):
        return {"id": "file-1", "number": "1"}

    async def fill(self):
        now = clock.now()
        await RuleSet.insert(RuleSet(key="parvis/1", jurisdiction="parvis", number=1, body="{}", at=now))
        await RuleDraft.insert(RuleDraft(jurisdiction="parvis", body="{}", changed_at=now))
