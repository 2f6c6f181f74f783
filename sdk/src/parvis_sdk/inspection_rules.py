"""The rules of inspections: facts after visits, their order, and the message about failures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.text import Text

OPEN = ("wanted", "planned")
DONE = ("passed", "failed")
NOT_OPEN = Text(
    fr="Cette visite est déjà faite ou n’est plus à faire.", en="This visit is made or not needed any more."
)
NOT_ASKED = Text(fr="C’est la Ville qui prévoit cette visite.", en="It is the town that plans this visit.")
NOT_NOW = Text(
    fr="Cette visite ne peut pas être demandée à cette étape.", en="This visit cannot be asked for at this step."
)
PASSED = Text(fr="Cette visite a déjà été jugée conforme.", en="This visit has already found everything in order.")
FIRST = Text(fr="Il faut d’abord que soit conforme\u00a0: {names}.", en="This must be in order first: {names}.")


class AnyVisit(Protocol):
    """One visit with its state: "wanted", "planned", "passed", "failed", "missed" or "waived".

    `points` are those to be looked at, all of them where there are none; with `notice`, what failed is to be corrected
    by the day `due`, after which it is `overdue`.
    """

    @property
    def code(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def points(self) -> tuple[str, ...]: ...
    @property
    def notice(self) -> bool: ...
    @property
    def overdue(self) -> bool: ...
    @property
    def due(self) -> str: ...


def points_of(part: Inspection, visit: AnyVisit) -> tuple[Point, ...]:
    """The points to check on this visit."""
    return tuple(point for point in part.points if not visit.points or point.code in visit.points)


def facts_of(visits: Iterable[AnyVisit]) -> frozenset[str]:
    """The facts that are true of these visits of one request: the latest result, and what is still due."""
    stand: dict[str, set[str]] = {}
    for visit in visits:
        name = f"{Inspection.part}.{visit.code}"
        if visit.state in DONE:
            more = {"notice": visit.notice, "overdue": visit.overdue}
            stand[name] = {visit.state, *(word for word, is_so in more.items() if is_so and visit.state == "failed")}
        elif visit.state in OPEN:
            stand[name] = stand.get(name, set()) - {*OPEN, "waived"} | {visit.state}
        elif visit.state == "waived":
            stand[name] = stand.get(name, set()) - {*OPEN} | {"waived"}
    return frozenset(f"{name}.{word}" for name, words in stand.items() for word in words)


def last_found(code: str, visits: Iterable[AnyVisit]) -> str:
    """The result of the last visit of this kind; empty before the first one or a waiver."""
    found = [visit.state for visit in visits if visit.code == code and visit.state in (*DONE, "waived")]
    return found[-1] if found else ""


def lacking(part: Inspection, visits: Sequence[AnyVisit]) -> tuple[str, ...]:
    """The codes of inspections that must pass or be waived before this one."""
    return tuple(code for code in part.follows if last_found(code, visits) not in ("passed", "waived"))


def late_corrections(visits: Sequence[AnyVisit], today: str) -> Iterator[int]:
    """The positions of the visits whose time for corrections is over without a later visit that passed."""
    still = {visit.code for visit in visits if visit.state in OPEN}
    for place, visit in enumerate(visits):
        waits = visit.state == "failed" and not visit.overdue and visit.code in still
        if waits and visit.due and visit.due < today:
            yield place


def failed_words(points: Iterable[Point], notes: Mapping[str, str]) -> Text:
    """The points that are not in order, by their codes in `notes`, each with its rule and its note, one a line."""
    failed = [point for point in points if point.code in notes]

    def lines(language: str) -> str:
        said = []
        for point in failed:
            rule = f" ({point.article.to(language)})" if point.article else ""
            colon = "\u00a0: " if language == "fr" else ": "
            said.append(f"– {point.title.to(language)}{rule}{colon}{notes[point.code]}")
        return "\n".join(said)

    return Text(fr=lines("fr"), en=lines("en"))
