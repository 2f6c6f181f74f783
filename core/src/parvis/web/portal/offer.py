"""How services are shown: on shelves by theme, as cards, each with the response time that the town promises."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.i18n import format_day, format_time, gettext, pgettext, say
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.levels import Levels, levels_in_force, usual, varies_by_place
from parvis.requests.offered import themes_of
from parvis.web.portal.visit import Visit, apply_address, service_address
from parvis.web.promise import delay_words, is_by_the_hour
from parvis_sdk.request_types import RequestType, ServiceLevel, Theme
from parvis_sdk.text_normalisation import fold


class Shelf(Struct, frozen=True, kw_only=True):
    """One theme with the services that stand under it."""

    theme: Theme
    request_types: tuple[RequestType, ...]

    def is_at(self, slug: str, language: str) -> bool:
        """Whether it has this word in addresses, by its own theme or by that of one of its services."""
        return any(request_type.theme.slug.to(language) == slug for request_type in self.request_types)


class Promise(Struct, frozen=True, kw_only=True):
    """One response time as text: "5 jours ouvrables", and in which case."""

    delay: str
    case: str = ""

    @property
    def says_delay(self) -> bool:
        """Whether the text of the case already names the response time."""
        return self.delay.replace("\u00a0", " ") in self.case.replace("\u00a0", " ")


async def levels_of(here: Visit) -> Levels:
    """What the town promises instead of its request types, as it is in force."""
    return (await levels_in_force(here.host, here.town)).body


def shelves(types: Iterable[RequestType]) -> tuple[Shelf, ...]:
    """The services by theme, each theme under the words that most of its services have; services in the order given."""
    there = tuple(types)
    themes = sorted(themes_of(there).values(), key=lambda theme: fold(theme.title.fr))
    return tuple(
        Shelf(
            theme=theme,
            request_types=tuple(request_type for request_type in there if request_type.theme.code == theme.code),
        )
        for theme in themes
    )


def card(here: Visit, request_type: RequestType, levels: Levels, **along: str) -> dict[str, str]:
    """A service as a card that leads to its form, which is told what is known `along`."""
    usual = usual_promise(request_type, here.town, levels)
    return {
        "title": say(request_type.title),
        "text": say(request_type.summary),
        "href": way_to(here.language, request_type, **along),
        "icon": request_type.icon or request_type.theme.icon,
        "foot": gettext("Promised response time: %(delay)s") % {"delay": usual.delay} if usual else "",
    }


def way_to(language: str, request_type: RequestType, **along: str) -> str:
    """Where links to a service lead: to its form, or to its page first where there is something to prepare."""
    leads = service_address if request_type.about.first else apply_address
    return leads(language, request_type, **along)


def promises(request_type: RequestType, town: Jurisdiction, levels: Levels) -> tuple[Promise, ...]:
    """Every response time promised for a service, the usual one first."""
    said = [
        Promise(delay=delay(level, request_type, town, levels), case=say(level.title) if level.when is not None else "")
        for level in request_type.promises()
    ]
    return tuple(sorted(said, key=lambda promise: bool(promise.case)))


def usual_promise(request_type: RequestType, town: Jurisdiction, levels: Levels) -> Promise | None:
    return next((promise for promise in promises(request_type, town, levels) if not promise.case), None)


def promised_words(request_type: RequestType, answers: Mapping[str, Any], promised_at: datetime | None) -> str:
    """A promised moment: the day, and the hour where the promise was made in hours."""
    if promised_at is None:
        return ""
    if not is_by_the_hour(request_type, answers):
        return format_day(promised_at, clock.now())
    return pgettext("date and time", "%(day)s at %(time)s") % {
        "day": format_day(promised_at, clock.now()),
        "time": format_time(promised_at),
    }


def delay(level: ServiceLevel, request_type: RequestType, town: Jurisdiction, levels: Levels) -> str:
    """A response time as text, as the town has set it for an ordinary request received today."""
    today = local_day(town.calendar, clock.now())
    said = delay_words(usual(levels, town, request_type.code, level.code, today) or level)
    varies = varies_by_place(levels, town, request_type.code, level.code, today)
    return gettext("%(delay)s (may vary by place)") % {"delay": said} if varies else said
