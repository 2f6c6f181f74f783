"""Recurring work: reminders to people who have not answered."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_sdk.text import Text
from parvis_supplements.reminding import remind

UNANSWERED = Text(fr="Suivi des points restés sans réponse", en="Follow-up of unanswered points")


def chores_of(host: Host) -> tuple[Chore, ...]:
    return (Chore(name="supplements", every=timedelta(minutes=5), work=partial(remind, host), title=UNANSWERED),)
