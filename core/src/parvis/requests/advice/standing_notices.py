"""The notices that stand in a town: those of its files, and those that others have posted."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.notice_board import NoticeBoard
from parvis.jurisdictions.notices import NOTICES, Notice
from parvis.requests.host import Host


class NoticeSource(Struct, frozen=True, kw_only=True):
    """What one owner posts beside the notices in the files of a town, and which of those it has lifted; from memory."""

    posted: Callable[[Host, Jurisdiction], Sequence[Notice]]
    lifted: Callable[[Host, Jurisdiction], Collection[str]]


@dataclass(frozen=True)
class FileNotices:
    """The notices in the files of the towns, read again when they change; without a board, as they were at first."""

    board: NoticeBoard | None = None


def notices_of(host: Host, jurisdiction: Jurisdiction, now: datetime) -> tuple[Notice, ...]:
    """The notices of this jurisdiction in force at that moment, urgent ones first."""
    standing = (one for one in notices_known(host, jurisdiction) if one.is_in_force(now))
    return tuple(sorted(standing, key=lambda one: not one.urgent))


def notices_known(host: Host, jurisdiction: Jurisdiction) -> tuple[Notice, ...]:
    """The notices of this jurisdiction that stand, those of other seasons too; the lifted ones left out."""
    board, sources = host.of(FileNotices).board, host.modules.heard(NoticeSource, jurisdiction)
    in_files = board.all_of(jurisdiction) if board is not None else NOTICES.of(jurisdiction)
    posted = [each for source in sources for each in source.posted(host, jurisdiction)]
    lifted = {code for source in sources for code in source.lifted(host, jurisdiction)}
    return (*posted, *(notice for notice in in_files if notice.code not in lifted))
