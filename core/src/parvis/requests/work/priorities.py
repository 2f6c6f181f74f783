"""How pressing a request is for the town's own people: three steps, set by hand, kept in the history."""

from collections.abc import Mapping
from functools import partial

from parvis.requests.changing import Change, Situation
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry, Line
from parvis.requests.host import Host
from parvis.requests.priority_names import PRIORITIES, priority_name
from parvis.requests.promises.replaying import recount
from parvis.requests.records import Record
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

NO_SUCH = Text(fr="Cette priorité n’existe pas.", en="There is no such priority.")
SO_ALREADY = Text(fr="La requête a déjà cette priorité.", en="The request already has this priority.")


def plan_priority(host: Host, here: Situation, priority: int) -> Change | Denied:
    """The change that gives a request this priority, and the promise that goes with it; or why it is not to be had."""
    if refused := priority_refused(here.record, priority):
        return refused
    body = {"priority": priority, "priority_before": here.record.priority}
    return Change(
        line=Line(kind="priority", audience="internal", body=body),
        columns={"priority": priority},
        then=partial(recount, host, "priority"),
    )


def priority_refused(record: Record, priority: int) -> Denied | None:
    """Why a request is not given this priority."""
    if priority not in PRIORITIES:
        return Denied(code="unknown", reason=NO_SUCH)
    return Denied(code="not_possible", reason=SO_ALREADY) if record.priority == priority else None


def _values(entry: Entry) -> Mapping[str, Text | str]:
    return {"priority": priority_name(entry.body.get("priority", 0))}


WORDS = EntryWords(
    titles={
        "priority": Text(fr="Priorité\u00a0: {priority}", en="Priority: {priority}"),
    },
    values=_values,
)
