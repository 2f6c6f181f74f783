"""What holds for every module holds for rule sets."""

from parvis_testing.module_contract import ModuleContract


class TestRulesets(ModuleContract):
    name = "rulesets"
