"""The crews of a town: what each sees to, and on which days it goes round."""

from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from parvis_sdk.text import Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
WEEKDAYS: dict[Weekday, Text] = {
    "monday": Text(fr="lundi", en="Monday"),
    "tuesday": Text(fr="mardi", en="Tuesday"),
    "wednesday": Text(fr="mercredi", en="Wednesday"),
    "thursday": Text(fr="jeudi", en="Thursday"),
    "friday": Text(fr="vendredi", en="Friday"),
}


class Crew(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One crew: `types` are the requests that it sees to, `on` the days on which it goes round."""

    code: str
    name: Text
    types: tuple[str, ...]
    on: tuple[Weekday, ...]

    def next_day(self, after: date) -> date:
        """The first day after this one on which it goes round."""
        goes = [number for number, day in enumerate(WEEKDAYS) if day in self.on]
        return next(day for ahead in range(1, 8) if (day := after + timedelta(days=ahead)).weekday() in goes)

    def round_of(self, day: date) -> str:
        """What its round of a day is called, on paper as well."""
        return f"{self.code.upper()}-{day:%m%d}"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without crews the plugin declares nothing. `sheets` is where the sheets of rounds lie, by https.

    `step` is the code of the step by which work is planned, and `day` that of its question for the day.
    """

    crews: tuple[Crew, ...] = ()
    sheets: str = ""
    step: str = ""
    day: str = ""

    @property
    def types(self) -> tuple[str, ...]:
        """All that some crew sees to."""
        return tuple(dict.fromkeys(type for crew in self.crews for type in crew.types))

    def crew_of(self, type: str) -> Crew | None:
        """Who sees to requests of this type."""
        return next((each for each in self.crews if type in each.types), None)

    def crew(self, code: str) -> Crew | None:
        """The crew of a code."""
        return next((each for each in self.crews if each.code == code), None)
