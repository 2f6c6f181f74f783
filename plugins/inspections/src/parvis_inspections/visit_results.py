"""What an inspector found, read from what was sent: every point answered, notes and photos where they are due."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from parvis_inspections.visits import PointResult, Visit
from parvis_sdk.cleaning import clean
from parvis_sdk.inspection_rules import points_of
from parvis_sdk.inspections import Inspection, Point, judged
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

MOST_NOTE = 1000
MOST_WORDS = 4000
MOST_PHOTOS = 5
LONGEST_DELAY = timedelta(days=730)
BEFORE = timedelta(days=30)  # how long a device may have kept a result
FINDING = Text(fr="Répondez à «\u00a0{title}\u00a0».", en="Answer “{title}”.")
NOTE = Text(
    fr="«\u00a0{title}\u00a0» n’est pas conforme\u00a0: indiquez la correction exigée.",
    en="“{title}” is not compliant: enter the correction required.",
)
PHOTO = Text(
    fr="«\u00a0{title}\u00a0» n’est pas conforme\u00a0: ajoutez une photo.",
    en="“{title}” is not compliant: add a photo.",
)
LONG = Text(fr="Au plus {most} caractères.", en="{most} characters at most.")
GONE = Text(
    fr="Une photo de «\u00a0{title}\u00a0» a été perdue\u00a0: ajoutez-la de nouveau.",
    en="A photo of “{title}” was lost: add it again.",
)
MANY = Text(fr="«\u00a0{title}\u00a0»\u00a0: {most} photos au plus.", en="“{title}”: {most} photos at most.")
WHY = Text(fr="Indiquez pourquoi la visite n’a pas pu se faire.", en="Say why the visit could not be made.")
DUE = Text(fr="Choisissez une date à venir pour la correction.", en="Choose a future date for the correction.")
NOTHING = Text(fr="Indiquez si la visite a été faite.", en="Say whether the visit was made.")


class SubmittedResult(Struct, frozen=True, kw_only=True):
    """A result that can be kept: what was found at each point, or why nothing was; `made_at` is when, on site."""

    outcome: str
    found: dict[str, PointResult]
    words: str
    made_at: datetime
    notice: bool = False
    due: str = ""

    @property
    def photos(self) -> tuple[str, ...]:
        return tuple(photo for found in self.found.values() for photo in found.photos)

    @property
    def failed(self) -> tuple[str, ...]:
        """The codes of the points that are not in order."""
        return tuple(code for code, found in self.found.items() if found.finding == "not_ok")


def read_result(
    part: Inspection, visit: Visit, raw: Mapping[str, Any], files: Mapping[str, Attachment], now: datetime, today: date
) -> SubmittedResult | Problems:
    """`{"outcome": "made" | "missed", "points": {code: {"finding", "note", "photos"}}, "words", "notice", "due"}`."""
    words = _words(raw.get("words"))
    wrong = [_wrong("words", LONG.format(most=MOST_WORDS))] if len(words) > MOST_WORDS else []
    made_at = _made_at(raw.get("made_at"), now)
    if raw.get("outcome") == "missed":
        if not words:
            wrong.append(_wrong("words", WHY))
        if wrong:
            return Problems(found=tuple(wrong))
        return SubmittedResult(outcome="missed", found={}, words=words, made_at=made_at)
    if raw.get("outcome", "made") != "made":
        return Problems(found=(_wrong("outcome", NOTHING),))
    given = raw.get("points")
    found: dict[str, PointResult] = {}
    for point in points_of(part, visit):
        answer = given.get(point.code) if isinstance(given, Mapping) else None
        read = _read_point(point, answer if isinstance(answer, Mapping) else {}, files)
        if isinstance(read, PointResult):
            found[point.code] = read
        else:
            wrong += read
    failed = any(each.finding == "not_ok" for each in found.values())
    due = _due(part, visit, raw, today) if failed else ""
    if due is None:
        wrong.append(_wrong("due", DUE))
    if wrong or due is None:
        return Problems(found=tuple(wrong))
    notice = failed and raw.get("notice") in (True, "yes", "on", "1")
    outcome = judged({code: each.finding for code, each in found.items()})
    return SubmittedResult(outcome=outcome, found=found, words=words, made_at=made_at, notice=notice, due=due)


def _read_point(point: Point, given: Mapping[str, Any], files: Mapping[str, Attachment]) -> PointResult | list[Problem]:
    at = f"points.{point.code}"
    finding = given.get("finding")
    if finding not in point.findings:
        return [_wrong(f"{at}.finding", FINDING.format(title=point.title))]
    note, photos = _words(given.get("note")), _ids(given.get("photos"))
    wrong: list[Problem] = []
    if len(note) > MOST_NOTE:
        wrong.append(_wrong(f"{at}.note", LONG.format(most=MOST_NOTE)))
    if finding == "not_ok" and not note:
        wrong.append(_wrong(f"{at}.note", NOTE.format(title=point.title)))
    if finding == "not_ok" and point.photo and not photos:
        wrong.append(_wrong(f"{at}.photos", PHOTO.format(title=point.title)))
    if len(photos) > MOST_PHOTOS:
        wrong.append(_wrong(f"{at}.photos", MANY.format(title=point.title, most=MOST_PHOTOS)))
    if any(photo not in files for photo in photos):
        wrong.append(_wrong(f"{at}.photos", GONE.format(title=point.title), "file_missing"))
    return wrong or PointResult(finding=finding, note=note, photos=photos)


def _due(part: Inspection, visit: Visit, raw: Mapping[str, Any], today: date) -> str | None:
    given = raw.get("due")
    if visit.due and given == visit.due:
        return visit.due  # a correction of words leaves the day as it was, also once it is past
    if not given:
        return (today + timedelta(days=part.correct_within)).isoformat()
    try:
        due = date.fromisoformat(str(given))
    except ValueError:
        return None
    return due.isoformat() if today < due <= today + LONGEST_DELAY else None


def _made_at(given: Any, now: datetime) -> datetime:
    """When the inspector was on site, by the clock of their device, as far as that can be."""
    try:
        said = datetime.fromisoformat(given) if isinstance(given, str) and given else now
    except ValueError:
        return now
    return said if said.tzinfo is not None and now - BEFORE <= said <= now else now


def _words(given: Any) -> str:
    return clean(given).strip() if isinstance(given, str) else ""


def _ids(given: Any) -> tuple[str, ...]:
    ids = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return tuple(dict.fromkeys(each for each in ids if isinstance(each, str) and each))


def _wrong(path: str, message: Text, code: str = "result") -> Problem:
    return Problem(path=path, code=code, message=message)
