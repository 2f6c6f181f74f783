"""What holds for every module holds for the question whether it is resolved."""

from parvis_testing.module_contract import ModuleContract


class TestClosingQuestion(ModuleContract):
    name = "closing_question"
