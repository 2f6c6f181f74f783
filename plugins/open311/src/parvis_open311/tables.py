"""What is still to be brought to requests that came by Open311, and the updates that others posted."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Open311Media(Table, tablename="open311_media"):
    """open311: a picture that a report only named by its address; fetched once the report is in."""

    id = UUID(primary_key=True, default=None)
    request = UUID(default=None)
    jurisdiction = Varchar(length=60)
    url = Text(default="")
    digest = Varchar(length=64)  # of request and address: the same is fetched once
    state = Varchar(length=8)  # waiting, kept, refused
    tries = Integer(default=0)
    due_at = Timestamptz(null=True, default=None)  # while it waits
    said = Text(default="")  # why it was refused


class Open311Update(Table, tablename="open311_update"):
    """open311: an update that a client posted, by its own id: the same one twice is one update."""

    id = UUID(primary_key=True, default=None)
    request = UUID(default=None)
    token = Varchar(length=40)
    update_id = Varchar(length=64)  # a digest of the client's own
    entry = Integer(default=0)  # the number of the entry that it became
    at = Timestamptz(default=None)


TABLES = (Open311Media, Open311Update)
