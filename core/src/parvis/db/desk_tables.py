"""Tables of what is done to many requests at once, of saved views, of who is at a request; private to their room."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Batch(Table):
    """requests: one action for many requests, by one agent; the words of its answers go when it is done."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    agent = Varchar(length=60)
    name = Varchar(length=120, default="")
    action = Text()
    undoes = UUID(null=True, default=None)  # the batch whose changes this one takes back
    made_at = Timestamptz(default=None, index=True)
    done_at = Timestamptz(null=True, default=None)


class BatchItem(Table, tablename="batch_item"):
    """requests: one request of a batch, and what became of it; written together with the change itself."""

    id = UUID(primary_key=True, default=None)
    batch = UUID(default=None)
    request = UUID(default=None, index=True)
    reference = Varchar(length=12)
    number = Integer()
    expected = Integer()  # the version that the person saw
    state = Varchar(length=10, default="waiting")  # waiting, done, refused, changed, gone
    said = Text(default="")  # why not
    version = Integer(null=True, default=None)  # after the change


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


DESK_TABLES: tuple[type[Table], ...] = (Batch, BatchItem, SavedView, WriterPresence)
