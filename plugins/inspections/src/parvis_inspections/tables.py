"""The tables of visits, and of what was found at each."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class Inspection(Table, tablename="inspection"):
    """inspections: one visit, wanted, planned or made; what must be looked at again is a row of its own, tied to it."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    code = Varchar(length=60)
    state = Varchar(length=20, index=True)  # wanted, planned, passed, failed, missed, waived
    unit = Varchar(length=60)  # that makes the visit
    former = UUID(null=True, default=None)  # the visit that it repeats
    points = Text(default="[]")  # to be looked at; all of them when there are none
    wanted_at = Timestamptz(default=None)
    asked = Boolean(default=False)  # by the requester
    wishes = Text(default="")  # when it suits them, as they said last
    day = Varchar(length=10, default="", index=True)  # of the town
    slot = Varchar(length=20, default="")  # morning, afternoon, or hours: 09:30-11:00
    starts_at = Timestamptz(null=True, default=None)
    ends_at = Timestamptz(null=True, default=None)
    inspector = UUID(null=True, default=None, index=True)
    inspector_name = Varchar(length=120, default="")
    done_at = Timestamptz(null=True, default=None)
    notice = Boolean(default=False)  # of non-compliance
    due = Varchar(length=10, default="")  # the day by which what failed is to be corrected
    overdue = Boolean(default=False)
    version = Integer(default=1)  # of this row, and of its event in calendars
    changed_at = Timestamptz(default=None)


class InspectionResult(Table, tablename="inspection_result"):
    """inspections: what was found at a visit, as it was sent; corrected by a later one, never changed."""

    id = UUID(primary_key=True, default=None)
    inspection = UUID(index=True, default=None)
    number = Integer()
    key = Varchar(length=64, unique=True)  # of the sending, so that a repeat is known
    outcome = Varchar(length=20)  # passed, failed, missed
    found = Text()
    words = Text(default="")
    made_at = Timestamptz(default=None)
    kept_at = Timestamptz(default=None)
    actor_id = Varchar(length=60)
    actor_name = Varchar(length=120)


TABLES = (Inspection, InspectionResult)

TOWN_ROWS = (
    TownRows(
        table="inspection_result",
        condition="inspection IN (SELECT id FROM inspection WHERE request IN {requests})",
    ),
)
