"""Which distribution each name of a plugin belongs to, and who decided that it went to another; private to its room."""

from piccolo.columns import Text, Timestamptz, Varchar
from piccolo.table import Table


class PluginClaim(Table, tablename="plugin_claim"):
    """requests: to which distribution a name belongs (plugin, request type, connector ...) since it was first seen.

    `decisions` is every takeover as JSON, oldest first; `away_since` when its type was last found without its plugin;
    `declared` the words of a theme, which outlive the plugin that has it.
    """

    key = Varchar(length=200, primary_key=True)  # kind and name
    kind = Varchar(length=20)
    name = Varchar(length=100)
    plugin = Varchar(length=100)
    distribution = Varchar(length=200, default="")  # empty where it was never known
    version = Varchar(length=60, default="")
    addresses = Text(default="[]")
    since = Timestamptz(default=None)
    decisions = Text(default="[]")
    away_since = Timestamptz(null=True, default=None)
    declared = Text(null=True, default=None)


CLAIM_TABLES: tuple[type[Table], ...] = (PluginClaim,)
