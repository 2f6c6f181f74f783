"""What is done again and again: whoever owes an opinion is reminded, and links that are over go."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.db import transaction
from parvis.requests.host import Host
from parvis_reviews.opinions_due import remind_reviewers
from parvis_reviews.outside_keys import sweep_keys
from parvis_sdk.text import Text

AWAITED = Text(fr="Avis attendus", en="Opinions that are awaited")
OVER = Text(fr="Liens d’avis externes échus", en="Links for outside opinions that are over")


async def sweep(host: Host) -> int:
    """Drop links that are over, with what was typed behind them, although opinions are off by now."""
    async with transaction(host.engine):
        return await sweep_keys()


def chores_of(host: Host) -> tuple[Chore, ...]:
    every = timedelta(minutes=5)
    return (
        Chore(name="opinions", every=every, work=partial(remind_reviewers, host), title=AWAITED),
        Chore(name="outside_links", every=every, work=partial(sweep, host), title=OVER, also_off=True),
    )
