"""What the module answers to the core's hooks: it stores the tasks of plugins, and ends them with their request."""

from parvis.requests.task_keeping import TaskKeeper
from parvis_tasks.keeping import keep, withdraw

KEEPER = TaskKeeper(keep=keep, withdraw=withdraw)
