"""What is done again and again: numbers of calls without a request are forgotten, late calls are escalated."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis.unit_managers import chiefs_of
from parvis_sdk.text import Text
from parvis_telephone.announced_calls import forget_calls
from parvis_telephone.escalating import escalate_late
from parvis_telephone.late_letters import send_late_letters

FORGOTTEN = Text(fr="Suppression des numéros d’appels sans requête", en="Removal of numbers of calls without a request")
ESCALATED = Text(fr="Escalade des appels et des lettres en retard", en="Escalation of overdue calls and letters")
TOLD = Text(fr="Courriels aux gestionnaires sur les appels en retard", en="Emails to managers about overdue calls")


def chores_of(host: Host) -> tuple[Chore, ...]:
    forget, chiefs, minute = partial(forget_calls, host), partial(chiefs_of, host.engine), timedelta(minutes=1)
    return (
        Chore(name="telephone", every=timedelta(hours=1), work=forget, title=FORGOTTEN, also_off=True),
        Chore(name="late_calls", every=minute, work=partial(escalate_late, host, chiefs), title=ESCALATED),
        Chore(name="late_call_letters", every=minute, work=partial(send_late_letters, host), title=TOLD),
    )
