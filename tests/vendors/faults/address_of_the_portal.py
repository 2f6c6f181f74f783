"""A service whose English word of its address is one that the portal has pages at."""

from parvis_bad.sound import lamp, said
from parvis_sdk.hooks import hookimpl

LAMP = lamp(
    slug=said("dossiers", "files"),
)


@hookimpl
def request_types():
    return [LAMP]


# kit: parvis_bad/plugin.py:7 · request type 'lamp' · slug · 'files' is a word of an address that the portal needs
#     (en) · the plugin is left out · use another one
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:7 · request type 'lamp' · slug · 'files' is a
#     word of an address that the portal needs (en) · the plugin is left out · use another one
