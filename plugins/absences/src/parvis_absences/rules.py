"""What an absence is, and which there cannot be: too long, over before it begins, or one that makes a circle."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

LONGEST = timedelta(days=730)
NOT_ONESELF = Text(
    fr="Une personne ne peut pas se remplacer elle-même.", en="A person cannot be their own replacement."
)
CIRCLE = Text(
    fr="Cette personne est aussi absente pendant cette période, et c’est vous qui la remplacez.",
    en="This person is also away during this period, and you are their replacement.",
)
OVERLAPS = Text(
    fr="Une absence est déjà enregistrée pendant cette période.", en="An absence is already recorded for this period."
)
BACKWARDS = Text(fr="Le dernier jour précède le premier.", en="The last day is before the first.")
TOO_LONG = Text(fr="Une absence dure deux ans au plus.", en="An absence can last two years at most.")


class Absence(Struct, frozen=True, kw_only=True):
    """From one moment to just before another; where it `lends`, the deputy has the absent agent's roles."""

    id: UUID
    agent: str
    deputy: str
    starts_at: datetime
    ends_at: datetime
    by: str
    lends: bool

    def overlaps(self, other: "Absence") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def impossible(absence: Absence) -> Problems | None:
    """What is wrong with an absence by itself."""
    if absence.ends_at <= absence.starts_at:
        return _wrong("last", BACKWARDS)
    if absence.ends_at - absence.starts_at > LONGEST:
        return _wrong("last", TOO_LONG)
    if absence.deputy == absence.agent:
        return _wrong("deputy", NOT_ONESELF)
    return None


def clashing(absence: Absence, absences: Collection[Absence]) -> Problems | None:
    """What is wrong with it beside those that are there."""
    others = [each for each in absences if each.overlaps(absence)]
    if any(each.agent == absence.agent for each in others):
        return _wrong("first", OVERLAPS)
    if absence.deputy and leads_back(absence.agent, absence.deputy, others):
        return _wrong("deputy", CIRCLE)
    return None


def leads_back(agent: str, deputy: str, absences: Collection[Absence]) -> bool:
    """Whether the chain of replacements leads back to the person who is away."""
    seen, reached = set[str](), {deputy}
    while reached:
        if agent in reached:
            return True
        seen |= reached
        reached = {each.deputy for each in absences if each.agent in reached and each.deputy} - seen
    return False


def _wrong(path: str, message: Text) -> Problems:
    return Problems(found=(Problem(path=path, code="wrong", message=message),))
