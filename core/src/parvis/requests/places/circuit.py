"""A circuit for what is awaited during a page: after some failures nobody waits for it until it has rested."""

from datetime import datetime, timedelta

FAILURES = 3
REST = timedelta(seconds=30)


class Circuits:
    """How each locator or payment provider has been doing in this process; it lives as long as the host."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, datetime] = {}

    def is_open(self, name: str, now: datetime) -> bool:
        """Whether it is left alone for now; when its rest is over, one call may try it."""
        until = self._rests_until.get(name)
        if until is None:
            return False
        if until > now:
            return True
        self._rests_until[name] = now + REST  # whoever asks meanwhile does not wait for the one that tries
        return False

    def worked(self, name: str) -> None:
        """It answered in time."""
        self._failures.pop(name, None)
        self._rests_until.pop(name, None)

    def failed(self, name: str, now: datetime) -> None:
        """It did not."""
        self._failures[name] = self._failures.get(name, 0) + 1
        if self._failures[name] >= FAILURES:
            self._rests_until[name] = now + REST
