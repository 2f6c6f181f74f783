"""The tables of incidents: what belongs to one, what was announced and to whom; and of notices from the desk."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class IncidentRequest(Table, tablename="incident_request"):
    """incidents: one request that belongs to an incident, or was permanently removed from it."""

    id = UUID(primary_key=True, default=None)
    incident = UUID(default=None)  # itself a request, of the town
    request = UUID(default=None, index=True)
    state = Varchar(length=5)  # in, out
    how = Varchar(length=5)  # rule, hand
    at = Timestamptz(default=None)


class IncidentWord(Table, tablename="incident_word"):
    """incidents: what was announced to everybody whom an incident concerns, in every language of the interface."""

    id = UUID(primary_key=True, default=None)
    incident = UUID(default=None, index=True)
    number = Integer()
    closing = Boolean(default=False)
    title = Text()
    words = Text()
    by = Varchar(length=120, default="")
    at = Timestamptz(default=None)
    told_at = Timestamptz(null=True, default=None)  # when everybody who was there had been told
    urgency = Varchar(length=10, null=True, default=None)  # emergency; nothing: as usual
    reach = Varchar(length=10, null=True, default=None)  # all, now, correction: see `Reach`


class IncidentTold(Table, tablename="incident_told"):
    """incidents: that somebody was told of an announcement; of an address only what tells it from others is kept."""

    id = UUID(primary_key=True, default=None)
    word = UUID(default=None)
    address = Varchar(length=64)
    way = Varchar(length=10)  # email, sms, phone, letter
    request = UUID(null=True, default=None, index=True)  # about which one; none once that is destroyed
    at = Timestamptz(default=None)
    follower = UUID(null=True, default=None)  # who only follows that request
    carrier = UUID(null=True, default=None)  # the delivery, or the step owed by hand, that tells them
    state = Varchar(length=10, null=True, default=None)  # on_its_way, told, to_call, failed
    state_at = Timestamptz(null=True, default=None)
    repeated = Integer(null=True, default=None)  # tries before this one whose end nobody knows


class DeskNotice(Table, tablename="desk_notice"):
    """incidents: a notice from the desk, beside those in the files of the town; or one of theirs that is lifted."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    lifts = Varchar(length=60, default="")  # the code of a notice of the files
    body = Text(default="")  # the notice
    while_open = UUID(null=True, default=None)  # an operation or incident with which it ends
    by = Varchar(length=120, default="")
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None, index=True)


TABLES = (IncidentRequest, IncidentWord, IncidentTold, DeskNotice)

TOWN_ROWS = (
    TownRows(table="incident_word", condition="incident IN {requests}"),
    TownRows(
        table="incident_told",
        condition="word IN (SELECT id FROM incident_word WHERE incident IN {requests})",
    ),
)
