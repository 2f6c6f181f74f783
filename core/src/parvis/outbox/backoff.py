"""When to try again: a wait that doubles, with some luck in it so that not all knock at once, and an end."""

from datetime import datetime, timedelta

from msgspec import Struct


class Backoff(Struct, frozen=True, kw_only=True):
    """How long the first wait is, how long a wait may become, and after how many tries to give up."""

    first: timedelta
    longest: timedelta
    tries: int


OUTSIDE = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=1), tries=80)
"""For another system that is away: about three days, so that a weekend loses nothing."""

OWN_FAULT = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=1), tries=12)
"""For a handler that fails by itself: about four hours, then a person must look."""

BLOCKING = Backoff(first=timedelta(seconds=5), longest=timedelta(hours=1), tries=2)
"""For a handler that blocks: once it may have been the moment, twice it is the handler."""

LONGEST_ASKED = timedelta(days=1)
"""What the other side may ask us to wait; beyond that we knock once a day."""


def next_try(
    attempts: int,
    *,
    now: datetime,
    luck: float,
    retry_after: timedelta | None = None,
    patience: Backoff = OUTSIDE,
) -> datetime | None:
    """The time of the next try after `attempts` failed ones, or None to give up.

    `luck` (0 to 1) spreads the tries over the second half of the wait; what the other side asked for is kept to.
    """
    if attempts >= patience.tries:
        return None
    doublings = min(max(attempts, 1) - 1, 30)
    wait = min(patience.first * (1 << doublings), patience.longest)
    wait = wait / 2 + wait / 2 * luck
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_ASKED) * (1 + luck / 10))
    return now + wait
