"""Tables of the town’s daily work: saved views, presence, mentions, calls owed, information given."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class SavedView(Table, tablename="saved_view"):
    """requests: a list of the queue that an agent keeps under a name, for themselves or for a unit."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    agent = Varchar(length=60, index=True)
    name = Varchar(length=60)
    query = Text()  # of the address; without words that were looked for
    unit = Varchar(length=60, default="", index=True)  # with whom it is shared
    made_at = Timestamptz(default=None)


class WriterPresence(Table, tablename="writing"):
    """requests: somebody of the town who is writing on a request; over within minutes, whatever becomes of it."""

    id = UUID(primary_key=True, default=None)
    reference = Varchar(length=12)
    agent = Varchar(length=60)
    name = Varchar(length=120, default="")
    said_at = Timestamptz(default=None)  # of two processes that say something of one person, the later holds
    until = Timestamptz(default=None, index=True)


DESK_TABLES: tuple[type[Table], ...] = (SavedView, WriterPresence)


class Mention(Table):
    """requests: that a note names a colleague, until they have seen it; without a word of the note."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    reference = Varchar(length=12)
    agent = UUID(index=True, default=None)
    by = Varchar(length=120)  # who wrote the note
    entry = Integer()
    at = Timestamptz(default=None)


WRITING_TABLES: tuple[type[Table], ...] = (Mention,)


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


CALLING_TABLES: tuple[type[Table], ...] = (OwedContact,)
