"""The tables of ready texts written at the desk: every version of each, their order, how often each is used."""

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class ReadyTextVersion(Table, tablename="ready_text"):
    """canned_replies: a ready text as one version of it says; never changed once it is written."""

    key = Varchar(length=200, primary_key=True)  # of the series and the number
    series = Varchar(length=180, index=True)  # of the town, whose it is, and its code
    jurisdiction = Varchar(length=60, index=True)
    owner = Varchar(length=60, default="", index=True)  # whose own it is; empty where it is the town's
    code = Varchar(length=64)
    number = Integer()
    body = Text()
    retired = Boolean(default=False)
    back_to = Integer(default=0)  # the version that this one brings back
    agent = Varchar(length=60, default="")
    by = Varchar(length=120, default="")  # nobody where the town's files say so
    at = Timestamptz(default=None)


class ReadyTextOrder(Table, tablename="ready_text_order"):
    """canned_replies: the codes of a town's ready texts in the order in which they are offered."""

    jurisdiction = Varchar(length=60, primary_key=True)
    codes = Text()


class ReadyTextUse(Table, tablename="ready_text_use"):
    """canned_replies: how often a ready text of the town was put in a message that was sent, by day; of nobody."""

    key = Varchar(length=200, primary_key=True)  # of the town, the code and the day
    jurisdiction = Varchar(length=60, index=True)
    code = Varchar(length=64)
    day = Varchar(length=10)  # of the town
    times = Integer(default=0)


TABLES = (ReadyTextVersion, ReadyTextOrder, ReadyTextUse)
