"""Who gives which opinion in a town: a unit of its own, or a body outside that answers by a private link."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from parvis.jurisdictions.reading import Table, did_you_mean
from parvis.jurisdictions.town_files import Surroundings, TownFile
from parvis_sdk.text import Text

Language = Literal["fr", "en"]


class Reviewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who does the tasks of one code. With `email` it is a body outside, and `unit` the one that sees to its answer.

    With `zones` it is asked only about what lies in one of them; with `asked` false, never in this town.
    """

    unit: str = ""
    name: Text = Text(fr="")
    email: str = ""
    language: Language = "fr"
    zones: tuple[str, ...] = ()
    asked: bool = True


def read_reviewers(table: Table, around: Surroundings) -> Mapping[str, Reviewer]:
    """`reviewers.toml`: one table a task, with `unit`, or `name` and `email` of a body outside, `zones`, `asked`."""
    reviewers = {}
    for code, entry in table.named_tables():
        reviewer = Reviewer(
            unit=entry.code("unit"),
            name=entry.text("name"),
            email=entry.email("email"),
            language="en" if entry.choice("language", ("fr", "en"), "fr") == "en" else "fr",
            zones=entry.strings("zones"),
            asked=entry.yes("asked", default=True),
        )
        entry.close()
        if reviewer.unit and reviewer.unit not in around.units:
            near = did_you_mean(reviewer.unit, tuple(around.units))
            entry.wrong("unit", f"'{reviewer.unit}' is not a unit", f"name a unit of units.toml{near}")
        if reviewer.email and not reviewer.name.fr:
            entry.wrong("name", "is missing", 'say who answers at that address: name = { fr = "…", en = "…" }')
        for zone in reviewer.zones:
            if around.zones is not None and zone not in around.zones:
                near = did_you_mean(zone, tuple(around.zones))
                entry.wrong("zones", f"'{zone}' is not a zone", f"name a zone of zones.geojson{near}")
        if not entry.faulty and reviewer == Reviewer():
            entry.wrong("", "names nobody", "add unit, or name and email, or asked = false")
        reviewers[code] = reviewer
    table.close()
    return reviewers


def zones_named(reviewers: Mapping[str, Reviewer]) -> Iterator[tuple[str, str]]:
    """Zones that it names, each with the task that names it."""
    return ((code, zone) for code, one in reviewers.items() for zone in one.zones)


REVIEWERS: TownFile[Mapping[str, Reviewer]] = TownFile(
    name="reviewers.toml", read=read_reviewers, usual={}, zones=zones_named
)
TOWN_FILES = (REVIEWERS,)
