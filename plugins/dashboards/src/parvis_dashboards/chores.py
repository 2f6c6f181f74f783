"""What is done again and again: reports that are due are sent."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_dashboards.sending import send_reports
from parvis_sdk.text import Text

TITLE = Text(fr="Rapports par courriel", en="Reports by email")


def chores_of(host: Host) -> tuple[Chore, ...]:
    return (Chore(name="reports", every=timedelta(minutes=5), work=partial(send_reports, host), title=TITLE),)
