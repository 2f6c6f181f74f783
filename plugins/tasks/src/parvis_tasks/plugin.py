"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="tasks",
    title=Text(fr="Tâches des extensions", en="Tasks from plugins"),
    summary=Text(
        fr="Tâches que des extensions demandent à une unité, avec une échéance. L’unité marque la tâche "
        "comme faite; une tâche en retard est escaladée.",
        en="Tasks that plugins give to a unit, with a due date. The unit marks the task as done; an "
        "overdue task is escalated.",
    ),
    host=">=0.1,<0.2",
    tables="parvis_tasks.tables",
    steps="parvis_tasks.migrations",
    personal="parvis_tasks.personal",
    words="parvis_tasks.titles",
    desk="parvis_tasks.desk",
    chores="parvis_tasks.chores",
    heard="parvis_tasks.heard",
)
