"""What holds for every module holds for checks before a form."""

from parvis_testing.module_contract import ModuleContract


class TestEligibility(ModuleContract):
    name = "eligibility"
