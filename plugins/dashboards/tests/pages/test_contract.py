"""What holds for every module holds for dashboards."""

from parvis import clock
from parvis.identifiers import new_id
from parvis_dashboards.tables import Report
from parvis_testing.module_contract import ModuleContract


class TestDashboards(ModuleContract):
    name = "dashboards"
    once_ours = ("report",)
    no_requesters = {
        "report": ("jurisdiction", "unit", "every"),  # what somebody of the town is sent, and how often
        "dashboards_sample": ("jurisdiction", "unit", "since", "until", "drawn_by", "criteria"),
    }
    of_things = ("/bureau/tableau/rapports/", "/bureau/tableau/qualite/")
    opened_by = {
        ("GET", "/bureau/tableau"): {"report"},
        ("GET", "/bureau/tableau/chiffres.csv"): {"report"},
        ("GET", "/bureau/tableau/chiffres.xlsx"): {"report"},
        ("GET", "/bureau/tableau/carte"): {"report"},
        ("GET", "/bureau/tableau/decisions"): {"report"},
        ("GET", "/bureau/tableau/decisions.csv"): {"report"},
        ("GET", "/bureau/supervision"): {"report"},
        ("GET", "/bureau/supervision/en-direct"): {"report"},
        ("GET", "/bureau/tableau/qualite"): {"report"},
        ("POST", "/bureau/tableau/qualite"): {"report"},
        ("GET", "/bureau/tableau/qualite/{id}"): {"report"},
        ("GET", "/bureau/tableau/qualite/{id}/{number}"): {"report"},
        ("POST", "/bureau/tableau/qualite/{id}/{number}"): {"report"},
        ("GET", "/bureau/tableau/rapports"): {"report"},
        ("POST", "/bureau/tableau/rapports"): {"report"},
        ("POST", "/bureau/tableau/rapports/{id}/retirer"): {"report"},
    }

    async def named(self, desk):
        return {"number": "1"}

    async def fill(self):
        now = clock.now()
        await Report.insert(
            Report(id=new_id(), agent=new_id(), jurisdiction="parvis", every="week", made_at=now, due_at=now)
        )
