"""A hook that raises."""

from parvis_bad.sound import LAMP
from parvis_sdk.hooks import hookimpl


@hookimpl
def request_types():
    return [LAMP, *{}["more"]]


# kit: parvis_bad/plugin.py:9 · request_types() raised KeyError: 'more' · the plugin is left out · correct the hook: it
#     must only declare, and depend on no other system
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:9 · it raised KeyError: 'more' · the plugin is
#     left out · correct the hook: it must only declare, and depend on no other system
