"""How fast one caller may call: counted in this process only, so that reading never writes to the database.

Several processes each allow as much; what must be counted across processes (sign-in, guesses of keys) is counted in
`people.throttle`.
"""

from datetime import datetime, timedelta

MOST_CALLERS = 20_000


class Pace:
    """Calls counted by caller and kind within windows of time."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], tuple[int, datetime]] = {}

    def allows(self, kind: str, caller: str, most: int, window: timedelta, now: datetime) -> bool:
        """Count one call; whether it is still within the limit."""
        count, ends = self._counts.get((kind, caller), (0, now + window))
        if ends <= now:
            count, ends = 0, now + window
        if len(self._counts) >= MOST_CALLERS:
            self._forget(now)
        self._counts[kind, caller] = (count + 1, ends)
        return count < most

    def _forget(self, now: datetime) -> None:
        self._counts = {who: (count, ends) for who, (count, ends) in self._counts.items() if ends > now}
        if len(self._counts) >= MOST_CALLERS:
            # More callers at once than a town has: the oldest half is let go rather than memory filled.
            newest = sorted(self._counts.items(), key=lambda each: each[1][1])[MOST_CALLERS // 2 :]
            self._counts = dict(newest)
