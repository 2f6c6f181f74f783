"""What holds for every module holds for tasks of plugins."""

from parvis_sdk.subscriptions import Outcome
from parvis_testing.module_contract import ModuleContract

from ..asking import AskingTown, task


class TestTasks(ModuleContract):
    name = "tasks"
    opened_by = {("GET", "/bureau/a-faire"): {"work"}, ("POST", "/bureau/a-faire/{id}"): {"work"}}

    async def named(self, desk):
        town = AskingTown(desk)
        record = await town.asks(Outcome(tasks=(task(),)))
        return {"id": str((await town.tasks(record))[0].id)}
