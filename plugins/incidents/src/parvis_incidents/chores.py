"""What is done again and again: what was missed as it came in is attached, and announcements reach everybody."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_incidents.attaching import attach_due
from parvis_incidents.telling import tell_due
from parvis_sdk.text import Text

ATTACHED = Text(fr="Requêtes à rattacher à un incident", en="Requests to attach to incidents")
TOLD = Text(fr="Messages à renvoyer aux personnes non jointes", en="Messages to resend to people not reached")
EVERY = timedelta(minutes=1)


def chores_of(host: Host) -> tuple[Chore, ...]:
    return (
        Chore(name="incidents", every=EVERY, work=partial(attach_due, host), by_date=False, title=ATTACHED),
        Chore(name="words", every=EVERY, work=partial(tell_due, host), by_date=False, title=TOLD, also_off=True),
    )
