"""The table of mandates."""

from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.table import Table


class Mandate(Table, tablename="mandates_mandate"):
    """mandates: somebody who speaks for somebody else about a request, and what was seen as proof."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    kind = Varchar(length=20)
    name = Varchar(length=120)  # of the representative
    email = Varchar(length=254)  # in small letters
    phone = Varchar(length=20)  # in E.164 form
    represented = Varchar(length=120)
    until = Varchar(length=10)  # the last day, of the town; empty: without an end
    proof = Varchar(length=300)
    seen_by = Varchar(length=120)
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = Varchar(length=120, default="")
    logged_to = Timestamptz(default=None)  # what was told until then stands in the access log


TABLES: tuple[type[Table], ...] = (Mandate,)
