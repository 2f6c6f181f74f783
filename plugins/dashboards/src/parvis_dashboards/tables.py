"""The tables of reports that are sent regularly, and of quality samples."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Report(Table, tablename="report"):
    """dashboards: a report that somebody of the town has sent to them; of the reader it knows the account alone."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60)
    agent = UUID(index=True, default=None)
    unit = Varchar(length=60, default="")  # with those below it; empty for all that the reader may count
    every = Varchar(length=10)  # week, month
    made_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None, index=True)


class QualitySample(Table, tablename="dashboards_sample"):
    """dashboards: closed requests drawn at random, by whom and out of how many; none is ever removed."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, index=True)
    unit = Varchar(length=60, default="")  # with those below it; empty for the whole town
    since = Varchar(length=10)  # days of the town, both included
    until = Varchar(length=10)
    seed = Integer(default=0)
    wanted = Integer(default=0)
    among = Integer(default=0)  # closed requests of these days and units at that moment
    drawn = Integer(default=0)
    drawn_by = Varchar(length=120)
    drawn_at = Timestamptz(default=None)
    criteria = Text(default="")  # in JSON, as the town's file said then


class SampleItem(Table, tablename="dashboards_sample_item"):
    """dashboards: one request of a sample with the answers of the checklist; it goes when the request is erased."""

    id = UUID(primary_key=True, default=None)
    sample = UUID(index=True, default=None)
    request = UUID(index=True, default=None)
    number = Integer(default=0)
    unit = Varchar(length=60, default="")  # that had it when it was drawn
    answers = Text(default="")  # in JSON: yes, no or none by the code of each criterion; no word of anybody
    met = Integer(default=0)  # criteria that are met, of those asked
    asked = Integer(default=0)
    version = Integer(default=0)
    looked_at = Timestamptz(null=True, default=None)


TABLES = (Report, QualitySample, SampleItem)
