"""Mail is fetched every minute, by one of the workers."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.heart import Heart
from parvis_mail_intake.fetching import fetch
from parvis_sdk.text import Text

TITLE = Text(fr="Courriels que les gens écrivent", en="Mail that people write")


def chores_of(heart: Heart) -> tuple[Chore, ...]:
    """The one chore there is."""
    return (Chore(name="mail", every=timedelta(minutes=1), work=partial(fetch, heart), title=TITLE),)
