"""What holds for every module holds for feeds."""

from parvis_testing.module_contract import ModuleContract


class TestFeeds(ModuleContract):
    name = "feeds"
    no_requesters = {"feeds_calendar": ("jurisdiction", "digest")}  # of people of the town
    opened_by = {
        ("GET", "/bureau/agenda"): {"work"},
        ("POST", "/bureau/agenda"): {"work"},
        ("POST", "/bureau/agenda/revocation"): {"work"},
    }
