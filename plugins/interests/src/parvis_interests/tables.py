"""The table of conflicts of interest that people of the town declare ahead."""

from piccolo.columns import UUID, DoublePrecision, Text, Timestamptz, Varchar
from piccolo.table import Table


class DeclaredInterest(Table, tablename="declared_interest"):
    """interests: somebody of the town must have nothing to do with an address, a street, a person, an organisation."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, default="", index=True)
    agent = UUID(default=None, index=True)
    name = Varchar(length=120, default="")  # of the agent, as it was then
    kind = Varchar(length=20, default="")  # address, street, person, organisation
    words = Varchar(length=200, default="")  # as they were typed
    lon = DoublePrecision(null=True, default=None)  # of an address, where the town's base knows it
    lat = DoublePrecision(null=True, default=None)
    reason = Text(default="")  # read by the person in charge of privacy alone
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = Varchar(length=120, default="")
    swept_to = UUID(null=True, default=None)  # how far the older requests were searched
    swept_at = Timestamptz(null=True, default=None)  # when all of them were


TABLES: tuple[type[Table], ...] = (DeclaredInterest,)
