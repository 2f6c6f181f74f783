"""What is done again and again: whoever owes an opinion is reminded, and links that are over go."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.db import unit
from parvis.requests.heart import Heart
from parvis_reviews.opinions_due import remind_reviewers
from parvis_reviews.outside_keys import sweep_keys
from parvis_sdk.text import Text

AWAITED = Text(fr="Avis attendus", en="Opinions that are awaited")


async def remind_and_sweep(heart: Heart) -> int:
    """Remind whoever owes an opinion; drop links that are over, with what was typed behind them."""
    reminded = await remind_reviewers(heart)
    async with unit(heart.engine):
        return reminded + await sweep_keys()


def chores_of(heart: Heart) -> tuple[Chore, ...]:
    return (Chore(name="opinions", every=timedelta(minutes=5), work=partial(remind_and_sweep, heart), title=AWAITED),)
