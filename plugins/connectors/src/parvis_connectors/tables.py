"""The tables of what goes between Parvis and other systems: calls, polls, unmatched updates, layers of the town."""

from piccolo.columns import UUID, BigInt, Bytea, DoublePrecision, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db.every_table import TownRows


class Exchange(Table):
    """connectors: one call to another system and its answer, without secrets and personal answers."""

    id = UUID(primary_key=True, default=None)  # in the order of time
    connector = Varchar(length=60)
    delivery = UUID(null=True, default=None, index=True)
    purpose = Varchar(length=12)  # delivery, poll, check, trial, compare, chore
    at = Timestamptz(default=None)
    method = Varchar(length=10)
    url = Text()
    status = Integer()  # 0 where no answer came
    milliseconds = Integer()
    sent = Text(default="")
    received = Text(default="")
    trouble = Text(default="")


class Poll(Table):
    """connectors: where one connector's news was read to, and how its polls have been doing."""

    connector = Varchar(length=60, primary_key=True)
    cursor = Text(default="")
    due_at = Timestamptz(default=None)
    polled_at = Timestamptz(null=True, default=None)
    news_at = Timestamptz(null=True, default=None)  # when it last brought anything
    failures = Integer(default=0)  # in a row
    trouble = Text(default="")
    held_by = Varchar(length=60, default="")
    held_until = Timestamptz(null=True, default=None)


class UnmatchedUpdate(Table, tablename="stray"):
    """connectors: news of another system that could not be taken in, until somebody says what it is about."""

    id = UUID(primary_key=True, default=None)
    connector = Varchar(length=60)
    key = Varchar(length=200)
    external_reference = Varchar(length=200, default="")
    reason = Varchar(length=20)  # unknown, ambiguous, foreign, elsewhere, erased
    state = Varchar(length=10)  # open, matched, dropped
    body = Text()  # the update as JSON
    received_at = Timestamptz(default=None)
    times = Integer(default=1)  # how often it came
    reference = Varchar(length=12, default="")  # what it was matched with
    settled_at = Timestamptz(null=True, default=None)
    settled_by = Varchar(length=120, default="")
    said = Text(default="")  # why it was dropped


class TownLayer(Table):
    """connectors: one layer that a connector brings. Each change of what it holds moves its `version`."""

    id = UUID(primary_key=True, default=None)
    connector = Varchar(length=60)
    name = Varchar(length=60)
    version = BigInt(default=0)
    features = Integer(default=0)  # how many there are, those left out too
    troubled = Integer(default=0)  # of which something is wrong
    read_at = Timestamptz(null=True, default=None)
    whole_at = Timestamptz(null=True, default=None)  # when a listing last came to its end; never: not used yet
    changed_at = Timestamptz(null=True, default=None)


class Feature(Table):
    """connectors: one thing of a layer; one without geometry is known to be there and left out, for its trouble."""

    id = UUID(primary_key=True, default=None)
    layer = UUID(default=None)
    key = Varchar(length=200)
    code = Varchar(length=200, default="")
    name = Text(default="")
    name_en = Text(default="")
    kind = Varchar(length=20, default="")  # of its geometry, as GeoJSON says it
    shape = Bytea(default=b"")  # WKB, in WGS84
    lon = DoublePrecision(null=True, default=None)  # a point on it
    lat = DoublePrecision(null=True, default=None)
    west = DoublePrecision(null=True, default=None)
    south = DoublePrecision(null=True, default=None)
    east = DoublePrecision(null=True, default=None)
    north = DoublePrecision(null=True, default=None)
    facts = Text(default="{}")
    digest = Varchar(length=32)  # of what came, so that the same again is no change
    version = BigInt(default=0)  # of the layer, when it last changed
    trouble = Text(default="")


class FeatureChange(Table):
    """connectors: what became of a thing of a layer and when; not those of the first listing."""

    id = UUID(primary_key=True, default=None)  # in the order of time
    layer = UUID(default=None)
    key = Varchar(length=200)
    code = Varchar(length=200, default="")
    what = Varchar(length=8)  # added, changed, gone
    version = BigInt(default=0)
    at = Timestamptz(default=None)


class PluginCall(Table):
    """connectors: one signed call to an endpoint of a plugin, by the digest of its id; of status 0 while under way."""

    id = UUID(primary_key=True, default=None)
    endpoint = Varchar(length=130)  # plugin.code
    town = Varchar(length=60)
    key = Varchar(length=64)
    at = Timestamptz(default=None, index=True)
    status = Integer(default=0)


class ChoreDeath(Table):
    """connectors: how often in a row turns of a chore of a plugin ended or blocked the worker."""

    name = Varchar(length=60, primary_key=True)  # of the chore, as it is noted in its town
    version = Varchar(length=60, default="")  # of the plugin
    deaths = Integer(default=0)
    at = Timestamptz(null=True, default=None)  # the last of these turns
    said = Text(default="")


class PluginDay(Table):
    """connectors: how often a plugin was called in one day, by the clock of Greenwich, and how long that took."""

    id = UUID(primary_key=True, default=None)
    plugin = Varchar(length=60, default="")
    day = Varchar(length=10, default="")  # 2026-12-01
    calls = BigInt(default=0)
    milliseconds = BigInt(default=0)


TABLES: tuple[type[Table], ...] = (
    Exchange,
    Poll,
    UnmatchedUpdate,
    TownLayer,
    Feature,
    FeatureChange,
    PluginCall,
    ChoreDeath,
    PluginDay,
)

TOWN_ROWS = (
    TownRows(table="exchange", why="a log of calls between two installations, kept for some weeks"),
    TownRows(
        table="poll", why="connectors begin to read elsewhere from the beginning; what is known already changes nothing"
    ),
    TownRows(table="stray", condition="reference IN {references}"),
    TownRows(table="town_layer", why="layers are read anew from the systems that have them"),
    TownRows(table="feature", why="layers are read anew from the systems that have them"),
    TownRows(table="feature_change", why="layers are read anew from the systems that have them"),
    TownRows(table="plugin_call", why="it only keeps a call from being answered twice, for some minutes"),
    TownRows(table="chore_death", why="how plugins do is of an installation"),
    TownRows(table="plugin_day", why="how plugins do is of an installation"),
)
