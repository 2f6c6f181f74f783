"""What rooms of the core hear: who keeps the tasks of plugins, and takes them back as a request is closed."""

from parvis.requests.task_keeping import TaskKeeper
from parvis_tasks.keeping import keep, withdraw

KEEPER = TaskKeeper(keep=keep, withdraw=withdraw)
