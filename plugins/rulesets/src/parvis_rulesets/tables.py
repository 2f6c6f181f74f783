"""The columns in which a rule set of a town is kept: its versions, and the draft of the next one."""

from piccolo.columns import Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class VersionTable(Table):
    """requests: one version of one town in each row; never changed once it is written."""

    key = Varchar(length=80, primary_key=True)  # of the town and the number
    jurisdiction = Varchar(length=60, index=True)
    number = Integer()
    body = Text()
    word = Varchar(length=200, default="")  # the reason, from the person who put it in force
    back_to = Integer(default=0)  # the version that this one brings back
    agent = Varchar(length=60, default="")
    by = Varchar(length=120, default="")
    at = Timestamptz(default=None)


class DraftTable(Table):
    """requests: what those who may change it are writing together, not in force yet; one row for each town."""

    jurisdiction = Varchar(length=60, primary_key=True)
    edition = Integer(default=1)  # goes up by one with every change
    body = Text()
    agent = Varchar(length=60, default="")
    by = Varchar(length=120, default="")
    changed_at = Timestamptz(default=None)
