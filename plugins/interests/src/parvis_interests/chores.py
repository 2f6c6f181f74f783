"""Recurring work: requests older than a declaration are searched."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_interests.obeying import obey_declared
from parvis_sdk.text import Text

EARLIER = Text(
    fr="Application des conflits d’intérêts déclarés d’avance aux requêtes antérieures",
    en="Conflicts of interest declared in advance, applied to earlier requests",
)


def chores_of(host: Host) -> tuple[Chore, ...]:
    """One, which goes on where the module is off: there it notes that declarations are to be looked through again."""
    every = timedelta(minutes=1)
    return (Chore(name="interests", every=every, work=partial(obey_declared, host), title=EARLIER, also_off=True),)
