"""When the last whole set was made: for monitors, and on the overview once that is too long ago."""

from collections.abc import Iterable
from datetime import timedelta

from parvis import clock
from parvis.i18n import ngettext
from parvis.requests.host import Host
from parvis.web.operators.context import HOME, OperatorContext
from parvis.web.operators.measures import Gauge, MeasureSource
from parvis.web.operators.overview import Concern
from parvis_backups.settings import folder_of
from parvis_backups.tables import BackupSet

TOO_LONG = timedelta(hours=36)


async def families(host: Host) -> Iterable[Gauge]:
    """Of the last set when it was made, how large it is and how long it took."""
    rows = await BackupSet.select().order_by(BackupSet.made_at, ascending=False).limit(1)

    def last(name: str, help: str, values: Iterable[float]) -> Gauge:
        return Gauge(f"parvis_backup_{name}", help, (), [((), value) for value in values])

    return (
        last("last_timestamp_seconds", "When the last backup was made.", (row["made_at"].timestamp() for row in rows)),
        last("bytes", "How large the last backup is.", (row["size"] for row in rows)),
        last("seconds", "How long it took.", (row["milliseconds"] / 1000 for row in rows)),
        last("missing_files", "Files that it names and the store had no more.", (row["missing"] for row in rows)),
    )


async def count(room: OperatorContext) -> int:
    """The days since the last set, where sets are to be made and none was for too long; one where none ever was."""
    if folder_of(room.host.plugins) is None:
        return 0
    row = await BackupSet.select(BackupSet.made_at).order_by(BackupSet.made_at, ascending=False).first()
    if row is None:
        return 1
    age = clock.now() - row["made_at"]
    return max(1, age.days) if age > TOO_LONG else 0


MEASURES = MeasureSource(slot="operators.measures", name="backups", families=families)
LATE = Concern(
    slot="operators.overview",
    name="backups",
    count=count,
    words=lambda days: ngettext("No backup for %(num)s day", "No backup for %(num)s days", days) % {"num": days},
    href=HOME,
)
