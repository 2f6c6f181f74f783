"""Tables of calls and letters owed, and of information given in place of a request; private as all tables are."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class OwedContact(Table, tablename="owed_contact"):
    """requests: what a requester is to be told by telephone or by letter, until somebody has told them or gives up."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    delivery = UUID(unique=True, default=None)  # the step that is to be told, once for each
    way = Varchar(length=10)  # phone, letter
    about = Text()  # in a few words, in every language of the interface; gone once it is told
    say = Text()
    state = Varchar(length=10)  # owed, told, unreached
    made_at = Timestamptz(default=None)
    from_at = Timestamptz(default=None)  # when it is tried next
    due_at = Timestamptz(default=None)
    tries = Integer(default=0)
    ended_at = Timestamptz(null=True, default=None)
    urgency = Varchar(length=10, null=True, default=None)  # emergency; nothing: as usual
    anyway = Boolean(null=True, default=None)  # also to who wants no messages since: it corrects what they were told


class InformationGiven(Table, tablename="informed"):
    """requests: how often information was enough, by town, type, zone, channel and day; of nobody."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    type = Varchar(length=60)  # empty where none was chosen
    zone = Varchar(length=60)
    channel = Varchar(length=20)
    day = Varchar(length=10)  # of the town
    given = Integer(default=0)


CALLING_TABLES: tuple[type[Table], ...] = (OwedContact, InformationGiven)
