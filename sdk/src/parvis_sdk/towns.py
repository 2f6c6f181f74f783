"""A town of the installation, as plugins see it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis_sdk.text import Text


class Town(Struct, frozen=True, kw_only=True):
    """The town for which something is done: its code, which stays, its name, its languages ("fr", "en"; French first),
    and its time zone ("America/Toronto")."""

    code: str
    name: Text
    languages: tuple[str, ...] = ("fr",)
    time_zone: str = "America/Toronto"

    def today(self, now: datetime) -> date:
        """The day of the town at a moment."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()
