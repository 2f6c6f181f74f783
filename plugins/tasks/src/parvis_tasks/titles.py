"""What the history calls a task that was given, done, slow, or taken back."""

from collections.abc import Mapping

import msgspec

from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.text import Text

TITLES = {
    "task_given": Text(
        fr="Tâche demandée par l’extension «\u00a0{plugin}\u00a0»\u00a0: {title}",
        en="Task requested by the plugin “{plugin}”: {title}",
    ),
    "task_done": Text(fr="Tâche faite\u00a0: {title}", en="Task done: {title}"),
    "task_late": Text(
        fr="Tâche escaladée ({share}\u00a0% du délai)\u00a0: {title}",
        en="Task escalated ({share}% of the time allowed): {title}",
    ),
    "task_over": Text(
        fr="Tâche retirée par l’extension «\u00a0{plugin}\u00a0»\u00a0: {title}",
        en="Task withdrawn by the plugin “{plugin}”: {title}",
    ),
}


def _values(entry: Entry) -> Mapping[str, Text | str]:
    title = (entry.personal or {}).get("title")
    return {
        "plugin": str(entry.body.get("plugin", "")),
        "share": str(entry.body.get("share", "")),
        "title": msgspec.convert(title, Text) if title else str(entry.body.get("key", "")),
    }


WORDS = EntryWords(titles=TITLES, values=_values)
