"""Mail is fetched every minute, by one of the workers."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_mail_intake.fetching import fetch
from parvis_sdk.text import Text

TITLE = Text(fr="Réception des courriels", en="Receiving emails")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is."""
    return (Chore(name="mail", every=timedelta(minutes=1), work=partial(fetch, host), title=TITLE),)
