"""What is done again and again: sessions that are over go."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_my_requests.sessions import sweep_sessions
from parvis_sdk.text import Text

OVER = Text(fr="Sessions terminées de «\u00a0Mes requêtes\u00a0»", en="Ended sessions of “My requests”")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """One, which goes on where the module is off: addresses of people are kept no longer than their sessions."""
    work = partial(sweep_sessions, host.engine)
    return (Chore(name="own_sessions", every=timedelta(hours=1), work=work, title=OVER, also_off=True),)
