"""The tables of what was answered at once, of announced calls and of what callers wish, and of calls that are late."""

from piccolo.columns import UUID, Boolean, Integer, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class InformationGiven(Table, tablename="informed"):
    """telephone: how often information was enough, by town, type, zone, channel and day; of nobody."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    type = Varchar(length=60)  # empty where none was chosen
    zone = Varchar(length=60)
    channel = Varchar(length=20)
    day = Varchar(length=10)  # of the town
    given = Integer(default=0)


class AnnouncedCall(Table, tablename="telephone_call"):
    """telephone: a call that rings at somebody of the town; forgotten within a day unless it belongs to a request."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    agent = Varchar(length=60)
    number = Varchar(length=20)  # as numbers are kept, with its country
    call = Varchar(length=120)  # its name in the telephone system
    recording = Varchar(length=300)  # where that system keeps the recording, if it does
    at = Timestamptz(default=None)
    request = UUID(null=True, default=None)


class CallerWish(Table, tablename="telephone_wish"):
    """telephone: when somebody can be reached, and whether letters to them are in large print."""

    request = UUID(primary_key=True, default=None)
    hours = Varchar(length=200)
    large_print = Boolean(default=False)


class LateCall(Table, tablename="telephone_late_call"):
    """telephone: how high a call or letter that is still owed was taken, and when it goes higher."""

    call = UUID(primary_key=True, default=None)  # what is owed
    step = Integer(default=0)
    next_at = Timestamptz(null=True, default=None)  # of the next step; nothing after the last


class LateCallLetter(Table, tablename="telephone_late_letter"):
    """telephone: that somebody who answers for a unit is to be written to about a late call, once for each step."""

    id = UUID(primary_key=True, default=None)
    key = Varchar(length=80, unique=True)  # the call and its step, and whom it is for
    call = UUID(default=None)
    agent = UUID(default=None)
    step = Integer(default=1)
    is_urgent = Boolean(default=False)
    at = Timestamptz(default=None)
    told_at = Timestamptz(null=True, default=None)


TABLES: tuple[type[Table], ...] = (InformationGiven, AnnouncedCall, CallerWish, LateCall, LateCallLetter)

TOWN_ROWS = (
    TownRows(
        table="telephone_late_call",
        condition="call IN (SELECT id FROM owed_contact WHERE request IN {requests})",
    ),
    TownRows(
        table="telephone_late_letter",
        condition="call IN (SELECT id FROM owed_contact WHERE request IN {requests})",
    ),
)
