"""The notices in the files of the towns, read again when these change: all or none, so that a mistake harms nothing."""

from collections.abc import Mapping
from pathlib import Path

import structlog

from parvis.jurisdictions import Jurisdiction, JurisdictionError, JurisdictionMistake, Jurisdictions
from parvis.jurisdictions.reading import Findings, require_english
from parvis.requests.advice import Notice
from parvis.requests.host import Host
from parvis_advisories.town_notices import NOTICES, read_notices

log = structlog.get_logger("parvis.advisories")
Marks = Mapping[str, tuple[int, int]]
"""What tells that the file of a town was written since: when, and how long it is."""


class NoticeBoard:
    """Lives as long as the host. Before its first look, and where nothing has changed since, notices are as first read.

    `mistakes` are what keeps files that changed from being read.
    """

    def __init__(self) -> None:
        self.mistakes: tuple[JurisdictionMistake, ...] = ()
        self._notices: Mapping[str, tuple[Notice, ...]] | None = None
        self._seen: Marks | None = None

    def all_of(self, town: Jurisdiction) -> tuple[Notice, ...]:
        """Every notice of a town, those of other seasons too, urgent ones first."""
        return NOTICES.of(town) if self._notices is None else self._notices.get(town.code, ())

    def look(self, jurisdictions: Jurisdictions) -> None:
        """Read the files again if one of them was written."""
        folder, towns = jurisdictions.folder, jurisdictions.by_code.values()
        if folder is None or (marks := marks_of(folder, jurisdictions)) == self._seen:
            return
        self._seen = marks
        try:
            notices = read_all(folder, jurisdictions)
        except JurisdictionError as error:
            self.mistakes = error.mistakes
            log.error("notices not read again, those before stay", trouble=str(error))
            return
        self.mistakes = ()
        if self._notices is not None or any(NOTICES.of(town) != notices[town.code] for town in towns):
            self._notices = notices
            log.info("notices read again")


def marks_of(folder: Path, jurisdictions: Jurisdictions) -> Marks:
    """The files that are there now."""
    marks = {}
    for code in jurisdictions.by_code:
        try:
            found = (folder / code / NOTICES.name).stat()
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
        path = folder / code / NOTICES.name
        table = findings.table(path) if path.is_file() else None
        zones = None if town.zones_layer else frozenset(zone.code for zone in town.zones)
        notices[code] = read_notices(table, zones, town.time_zone) if table else ()
        require_english(findings, town.languages, town.language_regime)
    if findings.mistakes:
        raise JurisdictionError(findings.mistakes)
    return notices


async def reread(host: Host) -> None:
    """What stands in the files of every town, for this process."""
    host.of(NoticeBoard).look(host.jurisdictions)


def posted(host: Host, town: Jurisdiction) -> tuple[Notice, ...]:
    return host.of(NoticeBoard).all_of(town)


def mistakes(host: Host) -> tuple[JurisdictionMistake, ...]:
    return host.of(NoticeBoard).mistakes
