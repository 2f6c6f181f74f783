"""The table of public pages that somebody reported."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class PageReport(Table, tablename="page_report"):
    """public_requests: a report that a public page shows what it must not; nothing is stored about its author."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, default="", index=True)
    page = Varchar(length=300, default="")  # its path
    request = UUID(null=True, default=None, index=True)  # where it is the page of one
    why = Varchar(length=20, default="")
    words = Text(default="")
    language = Varchar(length=5, default="fr")
    made_at = Timestamptz(default=None)
    settled = Varchar(length=10, default="")  # "" is open; hidden, kept
    settled_at = Timestamptz(null=True, default=None)
    settled_by = Varchar(length=120, default="")
    settled_why = Text(default="")


TABLES = (PageReport,)
