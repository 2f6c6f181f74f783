"""Tasks that a plugin gives to the town's staff: the request, the unit, the due date, and the escalation.

    Task(
        key="check-number",
        title=Text(fr="Vérifier le numéro de série avec la personne", en="Check the serial number with the person"),
        unit="counter",
        days=2,
        escalate=(Escalation(at=50, to="unit"), Escalation(at=100)),
    )

The same key twice, of one plugin for one request, is one task, also once it is over. Opinions, visits and supplements
are parts of a request type and no tasks: they are declared there, and have rules of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

MOST_TASKS = 20  # of one outcome
MOST_OPEN = 50  # of one plugin for one request
MOST_DAYS = 365
MOST_TOLD = 5  # escalations of one task
LATEST = 1000  # hundredths of its term
LONGEST_KEY, LONGEST_TITLE, LONGEST_WORDS = 80, 150, 4000  # characters

By = Literal["agent", "manager"]
Result = Literal["done", "withdrawn"]


class Escalation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who is told that a task is not done after `at` percent of its time; at 100 it is late.

    "managers" are those who answer for a unit, or for the nearest one above it that has any; "unit" is the address of
    the unit itself. It is the unit of the task where none is named.
    """

    at: int = 100
    to: Literal["unit", "managers"] = "managers"
    unit: str = ""


class Task(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that people of the town are to do about a request; they read `title` and `what`, a requester never.

    `unit` does it, by the code that it has in the town; the one that has the request where none is named, and where the
    town has no unit of that code. `by` says who of it: everybody who works there, or only a manager. It is due within
    `days` business days of the town, 1 to 365, or by the end of the day `due`. `key` is the plugin's own name for it.
    Its managers are told when it is late, unless `escalate` says otherwise: rising, 5 times at most.
    """

    key: str
    title: Text
    what: Text | None = None
    unit: str = ""
    by: By = "agent"
    days: int = 5
    due: date | None = None
    escalate: tuple[Escalation, ...] = (Escalation(),)


class TaskOver(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Ends the open task with this key: it was "done" elsewhere, or is "withdrawn".

    `why` is recorded in the history. A key without an open task has no effect.
    """

    key: str
    result: Result = "withdrawn"
    why: Text | None = None


NO_KEY = Text(
    fr="elle n’a pas de clé de 1 à {most} caractères imprimables",
    en="it has no key of 1 to {most} printable characters",
)
NO_TITLE = Text(fr="elle n’a pas de titre", en="it has no title")
LONG_TITLE = Text(fr="son titre a plus de {most} caractères", en="its title has more than {most} characters")
LONG_WORDS = Text(fr="ce qu’elle dit a plus de {most} caractères", en="what it says has more than {most} characters")
NO_TERM = Text(fr="{days} jours ouvrables ne sont pas un délai", en="{days} business days are no term")
PAST = Text(fr="son jour, le {day}, est passé", en="its day, {day}, is past")
FAR = Text(fr="son jour, le {day}, est trop loin", en="its day, {day}, is too far away")
NO_SHARES = Text(
    fr="ses avertissements ne vont pas en montant, de 1 à {latest} centièmes du délai",
    en="its escalations do not rise, from 1 to {latest} hundredths of its term",
)
MANY_TOLD = Text(fr="elle avertit plus de {most} fois", en="it escalates more than {most} times")
TOO_MANY = Text(fr="plus de {most} tâches à la fois", en="more than {most} tasks at once")
TOO_MANY_OPEN = Text(
    fr="plus de {most} tâches de l’extension attendent déjà ici", en="more than {most} tasks of the plugin wait here"
)
TWICE = Text(fr="deux tâches y ont la clé {key}", en="two tasks of it have the key {key}")


def task_mistakes(task: Task, *, today: date | None = None) -> Iterator[Text]:
    """Why a task is not given to anybody; nothing where it is. The same in the kit and the host.

    `today` is the day in the town; without it nothing is said of a day that may be past.
    """
    if not (0 < len(task.key) <= LONGEST_KEY and task.key.strip() and task.key.isprintable()):
        yield NO_KEY.format(most=LONGEST_KEY)
    if not clean(task.title.fr).strip():
        yield NO_TITLE
    if task.title.length > LONGEST_TITLE:
        yield LONG_TITLE.format(most=LONGEST_TITLE)
    if task.what is not None and task.what.length > LONGEST_WORDS:
        yield LONG_WORDS.format(most=LONGEST_WORDS)
    yield from _of_term(task, today)
    shares = [each.at for each in task.escalate]
    if len(shares) > MOST_TOLD:
        yield MANY_TOLD.format(most=MOST_TOLD)
    elif not all(0 < share <= LATEST for share in shares) or shares != sorted(shares):
        yield NO_SHARES.format(latest=LATEST)


def _of_term(task: Task, today: date | None) -> Iterator[Text]:
    if task.due is None:
        if not 1 <= task.days <= MOST_DAYS:
            yield NO_TERM.format(days=task.days)
    elif today is not None and task.due < today:
        yield PAST.format(day=task.due.isoformat())
    elif today is not None and (task.due - today).days > 2 * MOST_DAYS:
        yield FAR.format(day=task.due.isoformat())


def tasks_taken(tasks: Iterable[Task], today: date | None = None) -> tuple[tuple[Task, ...], tuple[Text, ...]]:
    """Those of the tasks of one outcome that are given to people, and why others are not, each reason once."""
    given = tuple(tasks)
    refused = [TOO_MANY.format(most=MOST_TASKS)] if len(given) > MOST_TASKS else []
    taken: list[Task] = []
    for each in given[:MOST_TASKS]:
        wrong = next(task_mistakes(each, today=today), None)
        if wrong is None and _is_another(each, taken):
            wrong = TWICE.format(key=repr(each.key))
        if wrong is None:
            taken.append(each)
        elif wrong not in refused:
            refused.append(wrong)
    return tuple(taken), tuple(refused)


def _is_another(task: Task, before: Sequence[Task]) -> bool:
    """Whether another task of the same outcome has its key."""
    return any(each.key == task.key for each in before)
