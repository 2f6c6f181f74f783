"""What is done again and again: disclosures to those who have a mandate are written in the access log."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_mandates.disclosures import log_disclosures
from parvis_sdk.text import Text

LOGGED = Text(fr="Inscription des communications aux mandataires", en="Logging of disclosures to representatives")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """One, which goes on where the module is off: messages go on too."""
    minute = timedelta(minutes=1)
    return (Chore(name="mandates", every=minute, work=partial(log_disclosures, host), title=LOGGED, also_off=True),)
