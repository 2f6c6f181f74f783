"""What holds for every module holds for access by the API."""

from parvis_testing.module_contract import ModuleContract


class TestApiAccess(ModuleContract):
    name = "api_access"
    no_requesters = {"api_access_secret": ("client", "digest")}  # of machines
