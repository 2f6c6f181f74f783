"""Recurring work: reminders to requesters of a hearing that is near."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_public_hearing.calling import remind
from parvis_sdk.text import Text

NEAR = Text(fr="Audiences publiques qui approchent", en="Public hearings that are near")


def chores_of(host: Host) -> tuple[Chore, ...]:
    return (Chore(name="public_hearings", every=timedelta(minutes=5), work=partial(remind, host), title=NEAR),)
