"""Recurring work: overdue opinions are reminded of, and expired links removed."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.db import transaction
from parvis.requests.host import Host
from parvis_reviews.opinions_due import remind_reviewers
from parvis_reviews.outside_keys import sweep_keys
from parvis_sdk.text import Text

AWAITED = Text(fr="Rappels des avis attendus", en="Reminders of pending opinions")
OVER = Text(fr="Fermeture des liens d’avis externes échus", en="Closing of expired links for external opinions")


async def sweep(host: Host) -> int:
    """Drop expired links, with what was typed behind them, even where opinions are off now."""
    async with transaction(host.engine):
        return await sweep_keys()


def chores_of(host: Host) -> tuple[Chore, ...]:
    every = timedelta(minutes=5)
    return (
        Chore(name="opinions", every=every, work=partial(remind_reviewers, host), title=AWAITED),
        Chore(name="outside_links", every=every, work=partial(sweep, host), title=OVER, also_off=True),
    )
