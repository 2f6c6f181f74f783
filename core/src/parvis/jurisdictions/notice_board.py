"""The notices in force, read again when their files change: all towns or none, so that a mistake takes nothing down."""

import time
from collections.abc import Mapping
from pathlib import Path

import structlog

from parvis.jurisdictions.jurisdiction import Jurisdiction, Jurisdictions
from parvis.jurisdictions.notices import NOTICES, Notice, read_notices
from parvis.jurisdictions.reading import Findings, JurisdictionError, JurisdictionMistake, require_english

FILE = "notices.toml"
SECONDS = 5.0  # between two looks at the files
log = structlog.get_logger("parvis.jurisdictions")


class NoticeBoard:
    """Lives as long as the host. `folder` is that of the towns; without one, notices stay as they were read.

    `mistakes` are what keeps files that changed from being read.
    """

    def __init__(self, jurisdictions: Jurisdictions, folder: Path | None = None, seconds: float = SECONDS) -> None:
        self.jurisdictions = jurisdictions
        self.folder = folder
        self.seconds = seconds
        self.mistakes: tuple[JurisdictionMistake, ...] = ()
        self._notices = {code: NOTICES.of(town) for code, town in jurisdictions.by_code.items()}
        self._seen = self._marks()
        self._looked_at = time.monotonic()

    def all_of(self, town: Jurisdiction) -> tuple[Notice, ...]:
        """Every notice of a town, those of other seasons too, urgent ones first."""
        self._look()
        return self._notices.get(town.code, ())

    def _look(self) -> None:
        if self.folder is None or time.monotonic() - self._looked_at < self.seconds:
            return
        self._looked_at = time.monotonic()
        if (marks := self._marks()) == self._seen:
            return
        self._seen = marks
        try:
            self._notices = read_all(self.folder, self.jurisdictions)
            self.mistakes = ()
            log.info("notices read again")
        except JurisdictionError as error:
            self.mistakes = error.mistakes
            log.error("notices not read again, those before stay", trouble=str(error))

    def _marks(self) -> Mapping[str, tuple[int, int]]:
        """What tells that a file was written since: when, and how long it is."""
        marks = {}
        for code in self.jurisdictions.by_code if self.folder else ():
            try:
                found = (self.folder / code / FILE).stat()  # type: ignore[operator]
            except OSError:
                continue
            marks[code] = (found.st_mtime_ns, found.st_size)
        return marks


def read_all(folder: Path, jurisdictions: Jurisdictions) -> dict[str, tuple[Notice, ...]]:
    """The notices of every town; raises `JurisdictionError` with every mistake when anything is wrong."""
    findings = Findings(folder)
    notices: dict[str, tuple[Notice, ...]] = {}
    for code, town in jurisdictions.by_code.items():
        findings.only_french.clear()
        path = folder / code / FILE
        table = findings.table(path) if path.is_file() else None
        zones = None if town.zones_layer else frozenset(zone.code for zone in town.zones)
        notices[code] = read_notices(table, zones, town.time_zone) if table else ()
        require_english(findings, town.languages, town.language_regime)
    if findings.mistakes:
        raise JurisdictionError(findings.mistakes)
    return notices
