"""What people at the counter are asked to do: check a number with its person, hand a thing over."""

from parvis_sdk.events import Moved, TaskDone
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.tasks import Escalation, Task, TaskOver
from parvis_sdk.text import Text

CHECK, HAND_OVER = "check", "hand-over"
OPEN_TASK = "task"  # under which the key of the one that waits is remembered
TO_CHECK = Text(fr="Vérifier le numéro de série avec la personne", en="Check the serial number with the person")
HOW_TO_CHECK = Text(
    fr="Trois numéros ne correspondent pas. Confirmez la réclamation, ou demandez de vérifier le numéro.",
    en="Three numbers do not match. Confirm the claim, or ask to check the number.",
)
TO_HAND_OVER = Text(fr="Remettre l’objet à son propriétaire", en="Hand the thing over to its owner")
HOW_TO_HAND_OVER = Text(
    fr="Demandez une pièce d’identité. Une fois la tâche faite, la requête suit d’elle-même.",
    en="Ask for a piece of identification. Once the task is done, the request follows by itself.",
)


def to_check(event: Moved) -> Task:
    """A claim that the plugin cannot judge."""
    return Task(key=f"{CHECK} {event.id}", title=TO_CHECK, what=HOW_TO_CHECK, days=2)


def to_hand_over(event: Moved) -> Task:
    """A thing that waits at the counter for its owner, who may take long to come."""
    slow = (Escalation(at=50, to="unit"), Escalation(at=100))
    return Task(key=f"{HAND_OVER} {event.id}", title=TO_HAND_OVER, what=HOW_TO_HAND_OVER, days=20, escalate=slow)


@on(Moved, types=("lost_thing",))
async def ask_the_counter(event: Moved, request: ServiceRequest) -> Outcome | None:
    """Who is to hand the thing over, from the moment the claim is right; what was to be done before need not be."""
    waiting = str(request.remembered.get(OPEN_TASK, ""))
    over = (TaskOver(key=waiting, result="done"),) if waiting else ()
    if event.transition == "confirm":
        task = to_hand_over(event)
        return Outcome(tasks=(task,), tasks_over=over, remember={OPEN_TASK: task.key})
    if event.transition in ("doubt", "look_on", "hand_over") and over:
        return Outcome(tasks_over=over, remember={OPEN_TASK: None})
    return None


@on(TaskDone, types=("lost_thing",))
async def hand_over(event: TaskDone, request: ServiceRequest) -> Outcome | None:
    """The task is done: the thing was handed over."""
    handed = event.key.startswith(HAND_OVER) and request.state == "confirmed"
    return Outcome(move="hand_over") if handed else None
