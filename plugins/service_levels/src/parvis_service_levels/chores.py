"""What is done again and again: promises raised among the town’s people, and the mails that tell them."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis.unit_managers import chiefs_of
from parvis_sdk.text import Text
from parvis_service_levels.alarm_letters import send_alarms
from parvis_service_levels.raising import raise_due
from parvis_service_levels.staff import staff_of
from parvis_service_levels.watching import watch_older

RAISED = Text(fr="Avertissements avant et après la date promise", en="Warnings before and after the promised date")
WATCHED = Text(fr="Dates promises à surveiller", en="Promised dates to watch")
TOLD = Text(fr="Avertissements par courriel", en="Warnings by email")


def chores_of(host: Host) -> tuple[Chore, ...]:
    chiefs, staff, minute = partial(chiefs_of, host.engine), partial(staff_of, host.engine), timedelta(minutes=1)
    return (
        Chore(name="alarms", every=minute, work=partial(raise_due, host, chiefs), title=RAISED),
        Chore(name="watched", every=minute, work=partial(watch_older, host), title=WATCHED),
        Chore(name="letters", every=timedelta(minutes=5), work=partial(send_alarms, host, staff), title=TOLD),
    )
