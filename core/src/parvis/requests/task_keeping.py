"""Tasks that plugins give people of the town: who keeps them, for the tables and the pages of them are a module’s."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from parvis.requests.actors import Actor
from parvis.requests.changing import Situation, Write
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.tasks import Task, TaskOver
from parvis_sdk.text import Text

NOBODY_DOES = Text(
    fr="L’extension «\u00a0{plugin}\u00a0» demande «\u00a0{title}\u00a0»\u00a0: les tâches ne sont pas en service ici.",
    en="The plugin “{plugin}” asks for “{title}”: tasks are not in use here.",
)
Given = tuple[tuple[Task, ...], tuple[TaskOver, ...]]


class TaskKeeper(Struct, frozen=True, kw_only=True):
    """Who keeps the tasks of plugins: all in the transaction in which an answer takes effect, or a request changes.

    `keep` is asked in the towns that have the module and says what people are to read of what was not taken; `withdraw`
    takes back what is open as a request is closed, wherever the module is installed.
    """

    keep: Callable[[Host, Record, Actor, Given], Awaitable[tuple[Text, ...]]]
    withdraw: Callable[[Situation], Write]


async def keep_tasks(host: Host, record: Record, actor: Actor, given: Given) -> tuple[Text, ...]:
    """Inside a transaction: give these tasks to people and take those back; what is to be noted of it."""
    keepers = host.modules.heard(TaskKeeper, host.jurisdictions.get(record.jurisdiction))
    if not keepers:
        return tuple(NOBODY_DOES.format(title=each.title, plugin=actor.name) for each in given[0])
    return tuple([note for each in keepers for note in await each.keep(host, record, actor, given)])


def withdrawn_with(host: Host, here: Situation) -> tuple[Write, ...]:
    """What takes back the open tasks of a request that is closed."""
    return tuple(each.withdraw(here) for each in host.modules.heard(TaskKeeper))
