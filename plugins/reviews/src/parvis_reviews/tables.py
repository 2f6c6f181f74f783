"""The tables of reviews: rounds, tasks, versions of opinions, private links; as `tables`, private to their room."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class Review(Table):
    """reviews: one round of the opinions asked for together; the rule that joins them is in the declaration."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    code = Varchar(length=60)
    round = Integer(default=1)
    state = Varchar(length=12)  # open, favourable, conditional, unfavourable, cancelled
    opened_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)


class ReviewTask(Table, tablename="review_task"):
    """reviews: one opinion asked of one unit or outside body about one request."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    jurisdiction = Varchar(length=60)
    review = Varchar(length=60)
    task = Varchar(length=60)
    round = Integer(default=1)
    version = Integer(default=1)
    unit = Varchar(length=60, index=True)
    assignee = UUID(null=True, default=None, index=True)
    assignee_email = Varchar(length=254, default="")
    body = Varchar(length=120, default="")  # the name of an outside body
    email = Varchar(length=254, default="")
    language = Varchar(length=5, default="fr")
    state = Varchar(length=12)  # waiting (for other tasks), asked, given, deemed, cancelled
    asked_at = Timestamptz(null=True, default=None)
    due_at = Timestamptz(null=True, default=None)
    given_at = Timestamptz(null=True, default=None)
    recommendation = Varchar(length=20, default="")
    late = Boolean(default=False)  # the opinion came when the others had been joined already
    opinions = Integer(default=0)  # how many versions there are
    reminders = Integer(default=0)
    remind_at = Timestamptz(null=True, default=None, index=True)
    escalated = Integer(default=0)  # how many times it was pointed out that it is slow
    rests_on = Varchar(length=64, default="")  # digest of the answers that it depends on


class Opinion(Table):
    """reviews: one version of the opinion on a task; the words that only its readers may see."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    task = UUID(index=True, default=None)
    number = Integer()
    recommendation = Varchar(length=20)
    given = Text()  # the answers to the task's form; what an erasure removes
    salt = Varchar(length=32)
    digest = Varchar(length=64)  # of `given` and `salt`, as the history holds it
    actor_kind = Varchar(length=20)
    actor_id = Varchar(length=60, default="")
    actor_name = Varchar(length=120, default="")
    late = Boolean(default=False)
    at = Timestamptz(default=None)


class OutsideKey(Table, tablename="outside_key"):
    """reviews: a private link by which an outside body answers a task; what opens it is derived from a secret."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    task = UUID(index=True, default=None)
    holder = Varchar(length=64)  # under what the files of its draft wait
    made_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    revoked = Boolean(default=False)
    draft = Text(default="")


TABLES: tuple[type[Table], ...] = (Review, ReviewTask, Opinion, OutsideKey)

TOWN_ROWS = (
    TownRows(
        table="attachment",
        condition="holder IN (SELECT holder FROM outside_key WHERE request IN {requests})",
    ),
)
