"""The table of public hearings."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class Hearing(Table, tablename="public_hearing_session"):
    """public_hearing: one hearing about a request, called or held."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    jurisdiction = Varchar(length=60, index=True)
    code = Varchar(length=60)  # of the declared part
    state = Varchar(length=10)  # called, held
    starts_at = Timestamptz(default=None)
    place = Varchar(length=200)
    invited = Text(default="")  # who else was invited, in words: may name people
    remind_at = Timestamptz(null=True, default=None, index=True)
    changed_at = Timestamptz(default=None)


TABLES = (Hearing,)
