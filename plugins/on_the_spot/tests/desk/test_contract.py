"""What holds for every module holds for photos and QR codes."""

from parvis_testing.module_contract import ModuleContract


class TestOnTheSpot(ModuleContract):
    name = "on_the_spot"
    opened_by = {("GET", "/bureau/codes"): {"report"}}
