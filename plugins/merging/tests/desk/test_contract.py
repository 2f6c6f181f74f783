"""What holds for every module holds for merging."""

from parvis_testing.module_contract import ModuleContract

ONE = "/bureau/requete/{reference}"


class TestMerging(ModuleContract):
    name = "merging"
    opened_by = {
        ("GET", f"{ONE}/liens"): {"work"},
        ("POST", f"{ONE}/liens"): {"work"},
        ("POST", f"{ONE}/liens/fin"): {"work"},
        ("GET", f"{ONE}/partage"): {"work"},
        ("POST", f"{ONE}/partage"): {"work"},
    }
    of_things = ("/bureau/requete/",)
