"""What is done again and again: time brings something to what was granted, and to what it requires."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_grants.expiring import expire
from parvis_grants.waking import wake_obligations
from parvis_sdk.text import Text

ENDS = Text(fr="Permis et certificats qui expirent", en="Permits and certificates that expire")
DUE = Text(fr="Conditions arrivées à échéance", en="Conditions due")


def chores_of(host: Host) -> tuple[Chore, ...]:
    every = timedelta(minutes=1)
    return (
        Chore(name="validity", every=every, work=partial(expire, host), title=ENDS),
        Chore(name="obligations", every=every, work=partial(wake_obligations, host), title=DUE),
    )
