"""A hook with an argument that no hook is given."""

from parvis_bad.sound import LAMP
from parvis_sdk.hooks import hookimpl


@hookimpl
def request_types(town):
    return [LAMP]


# kit: parvis_bad/plugin.py:7 · request_types() takes 'town', which it is not given · the plugin is left out · it is
#     given nothing
# host: bad (parvis-bad 1.0) · request_types() · parvis_bad/plugin.py:7 · request_types() takes an unknown argument
#     'town' · the plugin is left out · it is given nothing
