"""Tables of the town's layers that other systems bring: what each holds now, and how it came to be so."""

from piccolo.columns import UUID, BigInt, Bytea, DoublePrecision, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


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


LAYER_TABLES: tuple[type[Table], ...] = (TownLayer, Feature, FeatureChange)
