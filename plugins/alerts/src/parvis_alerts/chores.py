"""Every few minutes somebody looks at what needs a person."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_alerts.telling import tell_of_what_lasts
from parvis_sdk.text import Text

TITLE = Text(fr="Alertes par courriel", en="Alerts by email")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is. It goes on where no town has the module: it is about the installation, and whether
    anybody is written to is in its settings."""
    work = partial(tell_of_what_lasts, host)
    return (Chore(name="alerts", every=timedelta(minutes=5), work=work, by_date=False, title=TITLE, also_off=True),)
