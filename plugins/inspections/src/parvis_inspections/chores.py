"""What is done again and again: what was not corrected by its day is overdue."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_inspections.inspections_due import mark_overdue
from parvis_sdk.text import Text

LATE = Text(fr="Visites avec des corrections en retard", en="Visits with overdue corrections")


def chores_of(host: Host) -> tuple[Chore, ...]:
    return (Chore(name="inspections", every=timedelta(minutes=5), work=partial(mark_overdue, host), title=LATE),)
