"""Webhooks and what is on its way to them."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class WebhookEndpoint(Table, tablename="api_webhooks_endpoint"):
    """api_webhooks: who is told, of what, and how that goes; its secrets are made of `salt`, none is kept."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, index=True)
    title = Varchar(length=120)
    url = Text()
    events = Text()
    units = Text()
    types = Text()
    salt = Varchar(length=40)
    former_salt = Varchar(length=40, default="")
    former_until = Timestamptz(null=True, default=None)
    owner = Varchar(length=12, default="")  # the token that made it; empty for an operator
    made_at = Timestamptz(default=None)
    version = Integer(default=1)
    state = Varchar(length=10, default="on")
    why = Varchar(length=10, default="")  # of a pause: asked, failing, gone, token
    failures = Integer(default=0)
    failing_since = Timestamptz(null=True, default=None)
    next_try_at = Timestamptz(null=True, default=None)
    collected_until = Timestamptz(default=None)
    replay_after = UUID(null=True, default=None)
    replay_until = UUID(null=True, default=None)
    replayed = Integer(default=0)


class WebhookDelivery(Table, tablename="api_webhooks_delivery"):
    """api_webhooks: one entry of a history for one endpoint, whose two ids are its key, until it was told."""

    key = Varchar(length=80, primary_key=True)
    endpoint = UUID(index=True, default=None)
    entry = UUID(default=None)
    request = UUID(index=True, default=None)
    event = Varchar(length=12)
    state = Varchar(length=10)  # waiting, claimed, done, dead, skipped
    attempts = Integer(default=0)
    made_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=300, default="")


TABLES: tuple[type[Table], ...] = (WebhookEndpoint, WebhookDelivery)

TOWN_ROWS = (
    TownRows(table="api_webhooks_endpoint", why="whom an installation tells is decided anew where a town moves to"),
    TownRows(table="api_webhooks_delivery", why="what is on its way belongs to the endpoints of an installation"),
)
