"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="tasks",
    title=Text(fr="Tâches des extensions", en="Tasks of plugins"),
    summary=Text(
        fr="Une extension demande quelque chose à une unité, pour un jour; une personne de l’unité marque la tâche "
        "faite, et une tâche qui tarde est escaladée.",
        en="A plugin asks a unit for something by a day; somebody of the unit marks the task done, and one that is "
        "slow is escalated.",
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
