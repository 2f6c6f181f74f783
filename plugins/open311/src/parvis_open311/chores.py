"""What is done again and again: pictures that reports named by their addresses are fetched."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_open311.media import fetch_due
from parvis_sdk.text import Text

TITLE = Text(
    fr="Récupération des photos reçues par adresse Web (Open311)",
    en="Retrieval of photos received by web address (Open311)",
)


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is; what was acknowledged is fetched also where the module was switched off since."""
    work = partial(fetch_due, host)
    return (
        Chore(name="open311_media", every=timedelta(minutes=1), work=work, title=TITLE, also_off=True, lane="open311"),
    )
