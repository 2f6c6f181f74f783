"""What the address of the queue says, read and written: the address is the only memory of a list."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis import clock
from parvis.people.agents import as_id
from parvis.requests.lists.outcomes import NOWHERE, Outcome
from parvis.requests.lists.search import Filters, Sort
from parvis.territory import Jurisdiction
from parvis.territory.calendars import local_day
from parvis.web.portal.chosen import corners_of
from parvis_sdk.requests import Channel, Phase

SORTS: tuple[Sort, ...] = get_args(Sort)
PHASES = tuple(phase.value for phase in Phase)
CHANNELS: tuple[str, ...] = get_args(Channel)
LISTS = {
    "type": "types",
    "genre": "categories",
    "theme": "themes",
    "etat": "states",
    "phase": "phases",
    "zone": "zones",
    "canal": "channels",
}
VIEW, WAITING = "vue", "attente"  # the view that a list was opened as; the other system that is waited for
STOPPED = "arretee"  # what was to be told of it stopped on its way
PRIORITY, INCIDENT = "priorite", "incident"
ALARM = "alerte"  # oui: warned of, or further; gestion: told to management
COLUMN = "col"  # what stands beside each request, from left to right
COUNTED = "comptees"  # only those that the figures of whoever looks count
UNIT, TEAM = "unite", "equipe"  # a unit with those below it; one unit alone
DAYS = {
    "depuis": "since",
    "jusqua": "until",
    "fermees_depuis": "closed_since",
    "fermees_jusqua": "closed_until",
    "decidees_depuis": "decided_since",
    "decidees_jusqua": "decided_until",
    "suivi": "follow_up_until",
    "inchangees": "updated_until",
}
ME, NOBODY = "moi", "personne"
DUE = "du"  # what is to be looked at again by the end of today, whatever day that is
MOST_VALUES = 40


class Asked(Struct, frozen=True, kw_only=True):
    """A list as its address asks for it: pairs in one order, so that equal lists have equal addresses."""

    values: dict[str, tuple[str, ...]] = {}

    def first(self, name: str, default: str = "") -> str:
        return self.values.get(name, (default,))[0]

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    @property
    def sort(self) -> Sort:
        wanted = self.first("tri", "due")
        return next((sort for sort in SORTS if sort == wanted), "due")

    def with_(self, **changes: str | tuple[str, ...]) -> "Asked":
        """The same list with other values; an empty value takes a name away. The page begins again at the first row."""
        values = {name: given for name, given in self.values.items() if name != "apres"}
        for name, change in changes.items():
            given = (change,) if isinstance(change, str) else change
            values[name] = tuple(one for one in given if one)
        return Asked(values={name: values[name] for name in sorted(values) if values[name]})

    def without(self, name: str, value: str) -> "Asked":
        """The same list with one filter less."""
        return self.with_(**{name: tuple(one for one in self.all(name) if one != value)})

    def address(self, path: str) -> str:
        query = urlencode([(name, value) for name, given in self.values.items() for value in given])
        return f"{path}?{query}" if query else path


BOX = "boite"  # west, south, east, north of a part of the map
PROMISE, ANSWERED, SETTLED, BACK = "promesse", "reponse", "reglee", "rouvertes"
BACK_SINCE, BACK_UNTIL = "rouvertes_depuis", "rouvertes_jusqua"
SAID_SINCE, SAID_UNTIL = "repondues_depuis", "repondues_jusqua"
KEPT: dict[str, Literal["met", "missed", "undone"]] = {"tenue": "met", "manquee": "missed", "defaite": "undone"}
SAID: dict[str, Literal["yes", "no"]] = {"oui": "yes", "non": "no"}
AGAIN = "plusieurs"
NAMES = (
    "q", "a", "retard", "ouvertes", "tri", "apres", VIEW, WAITING, PRIORITY, ALARM, INCIDENT, COLUMN, UNIT, TEAM,
    COUNTED, *LISTS, *DAYS, BOX, PROMISE, ANSWERED, SETTLED, BACK, BACK_SINCE, BACK_UNTIL, SAID_SINCE,
    SAID_UNTIL,
)  # fmt: skip


def read(pairs: Iterable[tuple[str, str]]) -> Asked:
    """What a query string asks for; names that are none of ours are left out."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        kept = value.replace("\x00", "").strip()[:300]
        if name in NAMES and kept and kept not in values.setdefault(name, []):
            values[name].append(kept)
    return Asked(values={name: tuple(values[name][:MOST_VALUES]) for name in sorted(values) if values[name]})


def filters_of(asked: Asked, person_id: str, town: Jurisdiction, own_units: Iterable[str] = ()) -> Filters:
    """The same in the heart's words. Days are the town's; the last one counts whole.

    `own_units` are those that the person works for: what "my unit's" means.
    """
    given: dict[str, Any] = {part: asked.all(name) for name, part in LISTS.items()}
    for part in ("zones", "categories"):
        given[part] = tuple("" if code == NOWHERE else code for code in given[part])
    for name, part in DAYS.items():
        if (day := day_of(asked.first(name))) is not None:
            given[part] = midnight(day + timedelta(days=part.endswith("until")), town.time_zone)
    if asked.first("suivi") == DUE:
        tomorrow = local_day(town.calendar, clock.now()) + timedelta(days=1)
        given["follow_up_until"] = midnight(tomorrow, town.time_zone)
    named = [code for given in asked.all(UNIT) for code in (own_units if given == ME else (given,))]
    units = {unit for code in named for unit in (town.units_under(code) or {code})}
    units.update(unit for unit in asked.all(TEAM) if unit != NOWHERE)
    holders = tuple(id for given in asked.all("a") if (id := assignee_of(given, person_id)) not in ("", "none"))
    return Filters(
        text=asked.first("q"),
        assignee="" if len(holders) > 1 else assignee_of(asked.first("a"), person_id),
        holders=holders if len(holders) > 1 else (),
        outside=tuple(sorted(town.units)) if NOWHERE in asked.all(TEAM) else (),
        units=tuple(sorted(units)),
        priorities=tuple(int(each) for each in asked.all(PRIORITY) if re.fullmatch("[0-9]", each)),
        incident=asked.first(INCIDENT),
        counted=COUNTED in asked.values,
        late="retard" in asked.values,
        elsewhere=WAITING in asked.values and asked.first(WAITING) != STOPPED,
        stopped=asked.first(WAITING) == STOPPED,
        outcome=_outcome(asked, town),
        box=corners_of(asked.first(BOX)),
        raised={"oui": 1, "gestion": 2}.get(asked.first(ALARM), 0),
        open={"non": False, "toutes": None}.get(asked.first("ouvertes"), True),
        **given,
    )


def _outcome(asked: Asked, town: Jurisdiction) -> Outcome:
    def since(name: str) -> datetime | None:
        day = day_of(asked.first(name))
        return midnight(day, town.time_zone) if day else None

    def until(name: str) -> datetime | None:
        day = day_of(asked.first(name))
        return midnight(day + timedelta(days=1), town.time_zone) if day else None

    answered = SAID.get(asked.first(ANSWERED))
    return Outcome(
        promise=KEPT.get(asked.first(PROMISE), ""),
        answered=None if answered is None else answered == "yes",
        settled=SAID.get(asked.first(SETTLED), ""),
        reopened_since=since(BACK_SINCE),
        reopened_until=until(BACK_UNTIL),
        settled_since=since(SAID_SINCE),
        settled_until=until(SAID_UNTIL),
        again=asked.first(BACK) == AGAIN,
    )


def midnight(day: date, time_zone: str) -> datetime:
    """When a day of the town begins."""
    return datetime.combine(day, time(), ZoneInfo(time_zone))


def assignee_of(given: str, person_id: str) -> str:
    if given == ME:
        return person_id
    if given == NOBODY:
        return "none"
    known = as_id(given)
    return str(known) if known else ""


def day_of(given: str) -> date | None:
    """A day as a date box sends it, in years that a town can have requests of."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def chips(asked: Asked, path: str, words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each filter in force as words, with the address of the list without it; `words[name](value)` says it."""
    return [
        (words[name](value), asked.without(name, value).address(path))
        for name, given in asked.values.items()
        if name in words
        for value in given
    ]
